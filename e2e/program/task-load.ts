import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { z } from 'zod';
import type { WireEntry } from '@/lib/protocol/entry';
import { isTaskOver, Task } from '@/lib/protocol/task';
import type { TaskReport } from '@/lib/protocol/task-message';
import type { Answer, Api, Request } from './api';
import type { Random } from './random';

/** One report or control; `mark` is found in the entry that it comes to. */
type Write = { taskId: string; request: Request; mark: string; isReport: boolean; answer: Answer | null };

/**
 * Task agents that report, fall silent and are taken over by a person, and remember what they were answered. What was
 * not answered is sent again later: a report as it was, a control under its key.
 */
type TaskLoad = {
  /** Makes tasks whose agents have introduced themselves. */
  begin(api: Api, count: number): Promise<string[]>;
  report(api: Api, taskIds: readonly string[]): Promise<void>;
  /** Goes on with new tasks until the program does not answer any more. */
  run(api: Api): Promise<void>;
  settle(api: Api): Promise<void>;
  statesOf(api: Api): Promise<string[]>;
  /** Whether no clock of its tasks runs any more. */
  areAtRest(api: Api): Promise<boolean>;
  verify(entries: readonly WireEntry[]): void;
};

const LANES = 16;
const MOST_PAUSE_MS = 900;
const AGAIN_MS = 100;

const isOf = (taskId: string) => (entry: WireEntry) => entry.stream === `task:${taskId}`;
const Marked = z.looseObject({
  reason: z.string().nullish(),
  message: z.looseObject({ current_action: z.string().optional() }).optional(),
});

/** The mark of what an entry keeps of a report or a control. */
function markOf({ payload }: WireEntry): string | null {
  const { reason, message } = Marked.safeParse(payload).data ?? {};
  return message?.current_action ?? reason ?? null;
}

export function createTaskLoad(random: Random, clocks: object): TaskLoad {
  const writes: Write[] = [];
  const ids: string[] = [];
  let marks = 0;
  const nextMark = () => `mark-${++marks}.`;

  const send = async (api: Api, write: Write): Promise<Answer> => {
    for (;;) {
      const answer = await api.send(write.request);
      if (answer.status !== 503) {
        write.answer = answer;
        return answer;
      }
      await delay(AGAIN_MS);
    }
  };

  const reportOf = (taskId: string, type: TaskReport['type'] = 'PROGRESS_UPDATE'): Write => {
    const mark = nextMark();
    const named = type === 'INITIALIZATION' ? { command: '/crash' } : { status: 'IN_PROGRESS' };
    const timestamp = new Date().toISOString();
    const body = { type, timestamp, agent_id: 'agent', ...named, current_action: mark };
    const write = {
      taskId,
      mark,
      isReport: true,
      answer: null,
      request: { method: 'POST', path: `/api/tasks/${taskId}/reports`, body },
    };
    writes.push(write);
    return write;
  };

  const controlOf = (taskId: string): Write => {
    const mark = nextMark();
    const action = random.pick(['TAKEOVER', 'TAKEOVER', 'HANDBACK', 'HANDBACK', 'PAUSE', 'CONTINUE']);
    const write = {
      taskId,
      mark,
      isReport: false,
      answer: null,
      request: {
        method: 'POST',
        path: `/api/tasks/${taskId}/control`,
        body: { action, reason: mark },
        idempotencyKey: randomUUID(),
      },
    };
    writes.push(write);
    return write;
  };

  const makeTask = async (api: Api): Promise<string> => {
    const { id } = Task.parse(
      await api.ask({ method: 'POST', path: '/api/tasks', body: { command: '/crash', clocks } }),
    );
    ids.push(id);
    await send(api, reportOf(id, 'INITIALIZATION'));
    return id;
  };

  /** An agent and a person at one task, for as long as they are answered. */
  const live = async (api: Api): Promise<void> => {
    for (;;) {
      const taskId = await makeTask(api);
      for (let left = 3 + random.below(5); left > 0; left -= 1) {
        await delay(random.below(MOST_PAUSE_MS));
        const two = [reportOf(taskId), ...(random.below(3) === 0 ? [controlOf(taskId)] : [])];
        await Promise.all(two.map((write) => send(api, write)));
      }
    }
  };

  const read = async (api: Api) =>
    Promise.all(ids.map(async (id) => Task.parse(await api.ask({ path: `/api/tasks/${id}` }))));

  return {
    begin: (api, count) => Promise.all(Array.from({ length: count }, () => makeTask(api))),
    report: async (api, taskIds) => {
      for (const taskId of taskIds) await send(api, reportOf(taskId));
    },
    run: async (api) => {
      const lanes = Array.from({ length: LANES }, () => live(api));
      for (const ended of await Promise.allSettled(lanes)) {
        // A program that dies under it gives no answer; anything else is a fault.
        if (ended.status === 'rejected' && !(ended.reason instanceof TypeError)) throw ended.reason;
      }
    },
    settle: async (api) => {
      for (const write of writes) if (write.answer === null) await send(api, write);
    },
    statesOf: async (api) => (await read(api)).map(({ state }) => state),
    areAtRest: async (api) =>
      (await read(api)).every(({ silence, state }) => silence.nextAt === null || isTaskOver(state)),
    verify: (entries) => {
      const kept = Map.groupBy(entries, markOf);
      for (const { mark, answer, isReport, request } of writes) {
        const own = (kept.get(mark) ?? []).map(({ type }) => type);
        const what = `${JSON.stringify(request.body)} was answered ${JSON.stringify(answer)}`;
        if (isReport) expectReport(own, answer, what);
        else expectControl(own, answer, what);
      }
      for (const id of ids) expect(stepsOf(entries, id), id).toMatchObject({ areInOrder: true });
    },
  };
}

function expectReport(types: readonly string[], answer: Answer | null, what: string): void {
  const accepted = types.filter((type) => type === 'task.report_accepted').length;
  expect(answer?.status, what).toBeOneOf([200, 201, 409]);
  // Accepted before it was killed, it was not answered; sent again, it is answered as then.
  if (answer?.status === 409) expect(accepted, what).toBe(0);
  else expect(accepted, what).toBe(1);
}

function expectControl(types: readonly string[], answer: Answer | null, what: string): void {
  const done = types.filter((type) => ['task.controlled', 'task.taken_over', 'task.handed_back'].includes(type)).length;
  expect(answer?.status, what).toBeOneOf([200, 409]);
  if (answer?.status === 409) expect(done, what).toBe(0);
  else expect(done, what).toBeLessThanOrEqual(1); // to take over what one holds changes nothing
}

const steps = ['task.late', 'task.probed', 'task.assumed_failed', 'task.recovering', 'task.taken_over'];
/** What begins the clock anew. */
const anew = ['task.report_accepted', 'task.controlled', 'task.handed_back', 'task.recovered'];
const Attempt = z.looseObject({ attempt: z.number() });
const TakenOver = z.looseObject({ why: z.string() });

/** The steps that the clock of a task went, and whether each came once, in its turn, since it had begun anew. */
export function stepsOf(entries: readonly WireEntry[], taskId: string): { types: string[]; areInOrder: boolean } {
  const own = entries.filter(isOf(taskId));
  const types: string[] = [];
  let last = '';
  let attempt = 0;
  let areInOrder = own.every(({ streamSeq }, index) => streamSeq === index + 1);
  for (const entry of own) {
    if (anew.includes(entry.type)) {
      [last, attempt] = ['', 0];
      continue;
    }
    if (!steps.includes(entry.type)) continue;
    if (entry.type === 'task.taken_over' && TakenOver.parse(entry.payload).why === 'person') continue;
    types.push(entry.type);
    const isNextTry = entry.type === 'task.recovering' && Attempt.parse(entry.payload).attempt === attempt + 1;
    const follows = steps.indexOf(entry.type) === steps.indexOf(last) + 1 || (last === entry.type && isNextTry);
    areInOrder &&= follows && (entry.type !== 'task.recovering' || isNextTry);
    if (isNextTry) attempt += 1;
    last = entry.type;
  }
  return { types, areInOrder };
}
