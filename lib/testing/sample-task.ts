import { TaskId } from '@/lib/protocol/ids';
import { defaultClocks, Task } from '@/lib/protocol/task';

export const sampleTaskId = (number: number): TaskId =>
  TaskId.parse(`1f0c2c1e-0000-4000-8000-${String(number).padStart(12, '0')}`);

/** A running task for tests, changed as given. */
export const sampleTask = (change: Record<string, unknown> = {}): Task =>
  Task.parse({
    id: sampleTaskId(1),
    parentTaskId: null,
    command: '/sync-claude-md',
    purpose: null,
    context: null,
    priority: null,
    state: 'RUNNING',
    principal: { kind: 'agent', id: 'agent-1', name: 'Alice' },
    runner: 'external',
    agentId: 'task-agent-001',
    progress: { percentage: 45, estimated: false, wentBackFrom: null },
    milestones: [],
    currentAction: null,
    toolsActive: [],
    toolsUsed: [],
    estimatedDuration: null,
    missing: [],
    lastHeardAt: '2026-11-21T12:00:00.000Z',
    lastAliveAt: null,
    silence: { forMs: 0, since: '2026-11-21T12:00:00.000Z', phase: 'fresh', nextAt: null },
    clocks: defaultClocks,
    tell: [],
    handoffPolicy: 'accept_with_evidence',
    waitingFor: null,
    holder: null,
    recovery: null,
    checkpoint: null,
    outcome: null,
    summary: null,
    evidence: [],
    lastError: null,
    counts: { reports: 1, refused: 0, quarantined: 0, errors: 0, late: 0, waitingMessages: 0 },
    gapsMs: [],
    streamSeq: 1,
    createdAt: '2026-11-21T11:59:00.000Z',
    startedAt: '2026-11-21T11:59:01.000Z',
    endedAt: null,
    ...change,
  });
