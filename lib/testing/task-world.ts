import { applyTask } from '@/lib/domain/task/apply-task';
import { decideClock } from '@/lib/domain/task/decide-clock';
import { decideControl } from '@/lib/domain/task/decide-control';
import { decideReport, type ReportDecision } from '@/lib/domain/task/decide-report';
import { changeClock } from '@/lib/domain/task/next-clock';
import { queueInstruction } from '@/lib/domain/task/queue-message';
import type { OpenMessage, TaskDecision, TaskFact, TaskRecord } from '@/lib/domain/task/task-record';
import { TaskId } from '@/lib/protocol/ids';
import { type ControlTask, defaultClocks, type TaskClocks, type TaskHolder } from '@/lib/protocol/task';
import { TaskReport } from '@/lib/protocol/task-message';

type Fact = TaskFact & { seq: number; streamSeq: number; receivedAt: string };
export type TaskWorldOptions = {
  clocks?: Partial<TaskClocks>;
  principal?: TaskHolder;
  plan?: string[];
  runner?: 'external' | 'simulated';
  handoffPolicy?: TaskRecord['handoffPolicy'];
};

export const ana: TaskHolder = { kind: 'person', id: 'ana', name: 'Ana' };
export const ben: TaskHolder = { kind: 'person', id: 'ben', name: 'Ben' };

const TYPES = ['PROGRESS_UPDATE', 'MILESTONE_COMPLETED', 'ERROR_REPORT', 'COMPLETION', 'HANDOFF_REQUEST'] as const;
export type Word = (typeof TYPES)[number] | 'INITIALIZATION';

const words: Record<Word, object> = {
  INITIALIZATION: { command: '/sync' },
  PROGRESS_UPDATE: { status: 'IN_PROGRESS' },
  MILESTONE_COMPLETED: { milestone: 'one' },
  ERROR_REPORT: { error_type: 'TOOL_FAILURE' },
  COMPLETION: { status: 'SUCCESS', evidence: ['it works'] },
  HANDOFF_REQUEST: { ready_for_handoff: true },
};

/** One task in a world whose time tests move: the decisions and the fold as the server puts them together. */
export function createTaskWorld(options: TaskWorldOptions = {}) {
  let ms = Date.parse('2026-11-20T12:00:00.000Z');
  let ids = 0;
  let record: TaskRecord | null = null;
  let dueMs: number | null = null;
  let aliveAt: string | null = null;
  let open: OpenMessage[] = [];
  const facts: Fact[] = [];
  const hashes = new Map<string, ReportDecision>();

  const now = () => new Date(ms).toISOString();
  const at = () => ({ now: now(), nextId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}` });
  const task = (): TaskRecord => {
    if (!record) throw new Error('there is a task');
    return record;
  };

  function append(decided: readonly TaskFact[]): void {
    const before = record;
    for (const fact of decided) {
      const placed = { ...fact, seq: facts.length + 1, streamSeq: facts.length + 1, receivedAt: now() };
      facts.push(placed);
      record = applyTask(record, placed);
      keepReceipts(fact);
    }
    const change = changeClock(before, record, aliveAt, now());
    if (change) dueMs = change.kind === 'arm' ? ms + change.inMs : null;
  }

  function keepReceipts(fact: TaskFact): void {
    if (fact.type === 'task.instruction_queued') {
      const { messageId, message, expiresAt } = fact.payload;
      open.push({ messageId, message, expiresAt, status: 'queued', pushedAt: null });
    }
    if (fact.type === 'task.instruction_delivered') {
      const { messageIds, via } = fact.payload;
      const pushedAt = via === 'socket' ? now() : null;
      open = open.map((each) =>
        messageIds.includes(each.messageId) ? { ...each, status: 'delivered', pushedAt } : each,
      );
    }
    if (fact.type === 'task.instruction_acknowledged') {
      const { messageIds } = fact.payload;
      open = open.filter(({ messageId }) => !messageIds.includes(messageId));
    }
  }

  const decided = (decision: TaskDecision): TaskDecision => {
    if (decision.ok) append(decision.facts);
    return decision;
  };

  append([
    {
      type: 'task.created',
      payload: {
        taskId: TaskId.parse('1f0c2c1e-0000-4000-8000-0000000000f1'),
        parentTaskId: null,
        command: '/sync',
        purpose: null,
        context: null,
        priority: null,
        principal: options.principal ?? ana,
        runner: options.runner ?? 'external',
        milestones: options.plan ?? [],
        handoffPolicy: options.handoffPolicy ?? 'accept_with_evidence',
        tell: [],
        principalServer: null,
        clocks: { ...defaultClocks, ...options.clocks },
      },
    },
  ]);

  return {
    facts,
    task,
    types: () => facts.map(({ type }) => type),
    open: () => open,
    dueMs: () => dueMs,
    nowMs: () => ms,
    now,
    /** A report as it comes; one that came before is answered as then. */
    report(
      type: Word,
      more: object = {},
      by: TaskHolder = { kind: 'agent', id: 'a', name: 'a' },
      seen: ReadonlySet<string> = new Set(),
    ): ReportDecision {
      const message = TaskReport.parse({ type, timestamp: now(), agent_id: 'a', ...words[type], ...more });
      const hash = JSON.stringify(message);
      const repeated = hashes.get(hash);
      if (repeated) return repeated;
      const decision = decideReport(task(), { message, raw: hash, hash, source: 'sdk', by, seen }, open, at());
      append(decision.facts);
      if (decision.kind === 'accepted') hashes.set(hash, decision);
      return decision;
    },
    control: (action: ControlTask['action'], by = ana, give: ControlTask['give'] = 'me') =>
      decided(decideControl(task(), { action, give }, by, at())),
    instruct: (content: string) =>
      append([queueInstruction(task(), { from: 'Ana', kind: 'guidance', content, expiresAt: null }, at())]),
    /** What waits is pushed to a socket of the agent; returns the ids of the messages. */
    push(): Set<string> {
      const messageIds = open.filter(({ status }) => status === 'queued').map(({ messageId }) => messageId);
      append([{ type: 'task.instruction_delivered', payload: { messageIds, via: 'socket', again: false } }]);
      return new Set(messageIds);
    },
    /** A sign of life that is no report, as far as it concerns the question. */
    ping() {
      aliveAt = now();
    },
    /** Lets time pass; deadlines fire when they come. With `late` they fire so much after they were due. */
    pass(forMs: number, { late = 0 }: { late?: number } = {}) {
      const until = ms + forMs;
      while (dueMs !== null && dueMs + late <= until) {
        ms = Math.max(ms, dueMs + late);
        dueMs = null;
        decided(decideClock(task(), at()));
      }
      ms = until;
    },
    /** Time passes and deadlines do not fire: they race with what comes next. */
    passUnwatched(forMs: number) {
      ms += forMs;
    },
    fire: () => {
      dueMs = null;
      return decided(decideClock(task(), at()));
    },
  };
}
export type TaskWorld = ReturnType<typeof createTaskWorld>;
