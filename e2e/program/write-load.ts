import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { z } from 'zod';
import type { WireEntry } from '@/lib/protocol/entry';
import { type Answer, type Api, errorCodeOf, type Request } from './api';
import type { Random } from './random';

/** One write that must happen once. `mark` is in its payload and in no other. */
type Write = { request: Request & { idempotencyKey: string }; mark: string; type: string; answer: Answer | null };

/**
 * Clients that write as fast as they are answered, each write under a key of its own, and remember what they were
 * answered. What was not answered is repeated under its key later, as a careful client does.
 */
export type WriteLoad = {
  /** Writes until the program does not answer any more, or `stop` is called. */
  run(api: Api): { stop(): void; done: Promise<void> };
  /** Repeats everything that has no answer yet until it has one. */
  settle(api: Api): Promise<void>;
  /** Some of what was answered is asked again, and must be answered in the same words. */
  repeatSome(api: Api, count: number): Promise<void>;
  /** What was answered is in the ledger, once. */
  verify(entries: readonly WireEntry[]): void;
  answered(): number;
};

const WRITERS = 6;
const PAUSE_MS = 100;
/** Between two writes of a writer, so that the ledger of many rounds stays small enough to be verified each time. */
const MOST_BREATH_MS = 80;
/** What a client does not take as an answer: the program cannot say now, or not yet. */
const isNoAnswer = ({ status }: Answer) => status === 503 || status === 429;

export function createWriteLoad(conversationId: string, random: Random): WriteLoad {
  const writes: Write[] = [];
  const path = `/api/conversations/${conversationId}`;
  let count = 0;

  const makers = [
    (mark: string) => ({
      method: 'POST',
      path: `${path}/messages`,
      body: { to: 'a', content: mark },
      type: 'message.spoken',
    }),
    (mark: string) => ({
      method: 'POST',
      path: `${path}/messages`,
      body: { to: 'b', content: mark },
      type: 'message.spoken',
    }),
    (mark: string) => ({ method: 'PATCH', path, body: { title: mark }, type: 'conversation.changed' }),
    () => ({ method: 'PUT', path: '/api/settings', body: { maxTurns: count }, type: 'setting.changed' }),
    (mark: string) => ({
      method: 'POST',
      path: '/api/keys',
      body: { name: mark, role: 'viewer' },
      type: 'key.created',
    }),
  ] as const;

  const make = (): Write => {
    count += 1;
    const mark = `mark-${count}.`;
    const { type, ...request } = random.pick(makers)(mark);
    return {
      request: { ...request, idempotencyKey: randomUUID() },
      mark: type === 'setting.changed' ? `"value":${count}}` : mark,
      type,
      answer: null,
    };
  };

  async function answer(api: Api, write: Write): Promise<void> {
    const answered = await api.send(write.request);
    if (isNoAnswer(answered)) await delay(PAUSE_MS);
    else write.answer = answered;
  }

  const unanswered = () => writes.filter((write) => write.answer === null);

  return {
    run(api) {
      let stopped = false;
      const writer = async () => {
        while (!stopped) {
          const write = make();
          writes.push(write);
          try {
            await answer(api, write);
          } catch (error) {
            if (!(error instanceof TypeError)) throw error; // fetch: the connection broke, the program is gone
            return;
          }
          await delay(random.below(MOST_BREATH_MS));
        }
      };
      const done = Promise.all(Array.from({ length: WRITERS }, writer)).then(() => undefined);
      const stop = () => {
        stopped = true;
      };
      return { stop, done };
    },
    async settle(api) {
      for (let open = unanswered(); open.length > 0; open = unanswered()) {
        await Promise.all(open.slice(0, 20).map((write) => answer(api, write)));
      }
    },
    async repeatSome(api, wanted) {
      const from = writes.filter((write) => write.answer !== null);
      for (let asked = 0; asked < wanted && from.length > 0; asked += 1) {
        const write = from[random.below(from.length)];
        if (write) expect(await api.send(write.request), `the repeat of ${write.mark}`).toEqual(write.answer);
      }
    },
    verify(entries) {
      const found = new Map<string, number>();
      for (const { type, payload } of entries) {
        const text = JSON.stringify(payload);
        const mark = type === 'setting.changed' ? /"value":\d+\}/.exec(text)?.[0] : /mark-\d+\./.exec(text)?.[0];
        if (mark !== undefined) found.set(`${type} ${mark}`, (found.get(`${type} ${mark}`) ?? 0) + 1);
      }
      const wrong = writes
        .map((write) => ({ ...write, times: found.get(`${write.type} ${write.mark}`) ?? 0 }))
        .filter(
          ({ answer: got, times }) =>
            times !== (got !== null && got.status < 300 ? 1 : 0) && (got !== null || times > 1),
        )
        .map(({ mark, type, times, answer: got }) => ({ mark, type, times, status: got?.status ?? null }));
      expect(wrong, 'writes that are not in the ledger once').toEqual([]);
      const failed = writes.filter(({ answer: got }) => got !== null && got.status >= 300);
      expect(failed.map((write) => [write.mark, write.answer && errorCodeOf(write.answer)])).toEqual([]);
      verifyState(entries, conversationId);
    },
    answered: () => writes.length - unanswered().length,
  };
}

const Title = z.object({ title: z.string() });

/** The title that the ledger ends with; for comparing rows with the entries that they follow from. */
export const lastTitle = (entries: readonly WireEntry[], conversationId: string): string | null => {
  const changes = entries.filter((entry) => entry.stream === `conversation:${conversationId}`);
  return changes.reduce<string | null>((title, { payload }) => Title.safeParse(payload).data?.title ?? title, null);
};

function verifyState(entries: readonly WireEntry[], conversationId: string): void {
  const own = entries.filter((entry) => entry.stream === `conversation:${conversationId}`);
  expect(own.map((entry) => entry.streamSeq)).toEqual(own.map((_, index) => index + 1));
}
