import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { z } from 'zod';
import type { WireEntry } from '@/lib/protocol/entry';
import { type Answer, type Api, errorCodeOf, type Request } from './api';
import type { Random } from './random';

/** A kind of write that comes to one entry of `type`, in whose payload its mark stands. */
type Kind = { type: string; request: (mark: string, n: number) => Request };
/** One write that must happen once. */
type Write = { request: Request; mark: string; type: string; answer: Answer | null };

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
  /** What was answered is in the ledger, once; what was not, at most once. */
  verify(entries: readonly WireEntry[]): void;
  /** Marks of writes that got no answer but are in the ledger. */
  unansweredIn(entries: readonly WireEntry[]): string[];
  answered(): number;
  /** How often a write was answered that nothing can be done now. */
  putOff(): number;
};

const WRITERS = 6;
const PAUSE_MS = 100;
/** Between two writes of a writer, so that the ledger of many rounds stays small enough to be verified each time. */
const MOST_BREATH_MS = 80;
const MOST_TURNS = 10_000;
/** What a client does not take as an answer: the program, or the engine behind it, cannot say now, or not yet. */
const isNoAnswer = ({ status }: Answer) => [429, 502, 503].includes(status);

const Marked = z.looseObject({ title: z.string(), content: z.string(), name: z.string(), value: z.number() }).partial();

/** Settings hold no text, so there the number is the mark. */
function markIn({ payload }: WireEntry): string | null {
  const { title, content, name, value } = Marked.safeParse(payload).data ?? {};
  const text = title ?? content ?? name ?? (value === undefined ? '' : `mark-${value}.`);
  return /^mark-\d+\.$/.exec(text)?.[0] ?? null;
}

function kindsOf(path: string): [Kind, ...Kind[]] {
  const speak = (to: string): Kind => ({
    type: 'message.spoken',
    request: (content) => ({ method: 'POST', path: `${path}/messages`, body: { to, content } }),
  });
  const rename: Kind = {
    type: 'conversation.changed',
    request: (title) => ({ method: 'PATCH', path, body: { title } }),
  };
  const set: Kind = {
    type: 'setting.changed',
    request: (_mark, n) => ({ method: 'PUT', path: '/api/settings', body: { maxTurns: n } }),
  };
  const makeKey: Kind = {
    type: 'key.created',
    request: (name) => ({ method: 'POST', path: '/api/keys', body: { name, role: 'viewer' } }),
  };
  const makeAgent: Kind = {
    type: 'agent.created',
    request: (name) => ({ method: 'POST', path: '/api/agents', body: { name, model: 'sandbox/scripted' } }),
  };
  return [speak('a'), speak('b'), speak('a'), speak('b'), rename, rename, set, makeKey, makeKey, makeAgent];
}

export function createWriteLoad(conversationId: string, random: Random): WriteLoad {
  const writes: Write[] = [];
  const kinds = kindsOf(`/api/conversations/${conversationId}`);
  let putOff = 0;
  const unanswered = () => writes.filter((write) => write.answer === null);

  const make = (): Write => {
    const n = writes.length + 1;
    const mark = `mark-${n}.`;
    const picked = random.pick(kinds);
    const { type, request } = picked.type === 'setting.changed' && n > MOST_TURNS ? kinds[0] : picked;
    const write = { request: { ...request(mark, n), idempotencyKey: randomUUID() }, mark, type, answer: null };
    writes.push(write);
    return write;
  };

  async function answer(api: Api, write: Write): Promise<void> {
    const answered = await api.send(write.request);
    if (!isNoAnswer(answered)) write.answer = answered;
    else {
      putOff += 1;
      await delay(PAUSE_MS);
    }
  }

  return {
    run(api) {
      let stopped = false;
      const writer = async () => {
        while (!stopped) {
          try {
            await answer(api, make());
          } catch (error) {
            if (!(error instanceof TypeError)) throw error; // fetch: the connection broke, the program is gone
            return;
          }
          await delay(random.below(MOST_BREATH_MS));
        }
      };
      const stop = () => {
        stopped = true;
      };
      const done = Promise.all(Array.from({ length: WRITERS }, writer)).then(() => undefined);
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
      const refused = writes.filter((write) => write.answer !== null && write.answer.status >= 300);
      expect(refused.map((write) => [write.type, write.mark, write.answer && errorCodeOf(write.answer)])).toEqual([]);
      const times = countMarks(entries);
      const wrong = writes
        .map((write) => ({ ...write, times: times.get(`${write.type} ${write.mark}`) ?? 0 }))
        .filter((write) => (write.answer === null ? write.times > 1 : write.times !== 1))
        .map((write) => ({
          mark: write.mark,
          type: write.type,
          times: write.times,
          isAnswered: write.answer !== null,
        }));
      expect(wrong, 'writes that are not in the ledger once').toEqual([]);
    },
    unansweredIn(entries) {
      const times = countMarks(entries);
      return unanswered().flatMap(({ type, mark }) => (times.has(`${type} ${mark}`) ? [mark] : []));
    },
    answered: () => writes.length - unanswered().length,
    putOff: () => putOff,
  };
}

function countMarks(entries: readonly WireEntry[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const entry of entries) {
    const key = `${entry.type} ${markIn(entry)}`;
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  return times;
}

/** The title that the ledger ends with; for comparing rows with the entries that they follow from. */
export function lastTitle(entries: readonly WireEntry[], conversationId: string): string | null {
  const own = entries.filter((entry) => entry.stream === `conversation:${conversationId}`);
  return own.reduce<string | null>((title, { payload }) => Marked.safeParse(payload).data?.title ?? title, null);
}
