import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { z } from 'zod';
import type { WireEntry } from '@/lib/protocol/entry';
import { type Api, errorCodeOf } from './api';
import type { Random } from './random';

type Asked = { mark: string; key: string; isAccepted: boolean };

/**
 * A person who has the agent in seat `a` call the one in seat `b`, again and again, each time with a text of its own.
 * Two agents of the sandbox that follow a script; Parley carries their calls.
 */
export type CarriedLoad = {
  run(api: Api): { stop(): void; done: Promise<void> };
  /** Repeats what has no answer yet, then waits until nothing of the conversation is under way. */
  settle(api: Api, withinMs: number): Promise<void>;
  /** Nothing arrived twice, and what became of every message can be seen. Resolves with how many there were of each. */
  verify(entries: readonly WireEntry[]): Record<Fate, number>;
};

/**
 * What became of a message. `lost`: the engine took it and lost the turn; `not_called`: its author's turn was lost before
 * the call. The ledger says so of either.
 */
export type Fate = 'delivered' | 'failed' | 'outcome_unknown' | 'lost' | 'not_called';

const PAUSE_MS = 100;
const UNDER_WAY_MS = 4_000;

const Payload = z.looseObject({
  content: z.string().optional(),
  messageType: z.string().optional(),
  seat: z.string().nullable().optional(),
  conveyanceId: z.string().optional(),
  turnId: z.string().nullable().optional(),
  outcome: z.string().optional(),
  error: z.string().nullable().optional(),
});
type Fact = { type: string; payload: z.infer<typeof Payload> };

export function createCarriedLoad(conversationId: string, receiverId: string, random: Random): CarriedLoad {
  const asked: Asked[] = [];
  const path = `/api/conversations/${conversationId}`;

  const wordsOf = (mark: string): string => {
    const tool = random.pick(['send_message_to_agent_async', 'send_message_to_agent_and_wait_for_reply']);
    const call = { tool, arguments: { message: `carried ${mark}`, other_agent_id: receiverId } };
    return JSON.stringify({ script: [{ call }, { say: `called ${mark}` }] });
  };
  const words = new Map<string, string>();

  async function speak(api: Api, each: Asked): Promise<void> {
    const answer = await api.send({
      method: 'POST',
      path: `${path}/messages`,
      body: { to: 'a', content: words.get(each.mark) },
      idempotencyKey: each.key,
    });
    each.isAccepted = answer.status === 202;
    if (answer.status < 500 && answer.status !== 429) expect(answer.status, errorCodeOf(answer) ?? '').toBe(202);
  }

  /** The marks of messages whose fate is open. Gives up those that only a person can settle: their authors wait. */
  async function openMarks(api: Api): Promise<string[]> {
    const facts = factsOf(await api.entries(conversationId));
    for (const conveyanceId of undecided(facts)) {
      const answer = await api.send({
        method: 'POST',
        path: `${path}/conveyances/${conveyanceId}`,
        body: { action: 'drop' },
        idempotencyKey: `drop-${conveyanceId}`,
      });
      if (answer.status !== 503) expect(answer.status, errorCodeOf(answer) ?? '').toBe(200);
    }
    return asked.flatMap(({ mark }) => {
      const fate = fateOf(facts, mark);
      // The receiver's transcript is read a moment after the delivery is recorded.
      const isOpen = fate === null || (fate === 'delivered' && heardTimes(facts, mark) === 0);
      return isOpen ? [mark] : [];
    });
  }

  return {
    run(api) {
      let stopped = false;
      const work = async () => {
        try {
          while (!stopped) {
            const each = { mark: `no-${asked.length + 1}.`, key: randomUUID(), isAccepted: false };
            words.set(each.mark, wordsOf(each.mark));
            asked.push(each);
            await speak(api, each);
            const until = performance.now() + UNDER_WAY_MS;
            while (!stopped && performance.now() < until && (await openMarks(api)).length > 0) await delay(PAUSE_MS);
          }
        } catch (error) {
          if (!(error instanceof TypeError)) throw error; // fetch: the connection broke, the program is gone
        }
      };
      const stop = () => {
        stopped = true;
      };
      return { stop, done: work() };
    },
    async settle(api, withinMs) {
      for (const each of asked) while (!each.isAccepted) await speak(api, each);
      const open = () => openMarks(api);
      try {
        await expect.poll(open, { timeout: withinMs, interval: 500 }).toEqual([]);
      } catch (cause) {
        const facts = factsOf(await api.entries(conversationId));
        const told = (await open()).map((mark) => `“${mark}”:\n${tellOf(facts, mark)}`);
        throw new Error(`messages whose fate is open\n${told.join('\n')}`, { cause });
      }
    },
    verify(entries) {
      const facts = factsOf(entries.filter((entry) => entry.stream === `conversation:${conversationId}`));
      const fates: Record<Fate, number> = { delivered: 0, failed: 0, outcome_unknown: 0, lost: 0, not_called: 0 };
      for (const { mark } of asked) {
        const fate = fateOf(facts, mark);
        const heard = heardTimes(facts, mark);
        expect(
          timesIn(facts, 'a', mark),
          `the words that ask for “${mark}” arrived more than once`,
        ).toBeLessThanOrEqual(1);
        expect(heard, `“${mark}” arrived more than once:\n${tellOf(facts, mark)}`).toBeLessThanOrEqual(1);
        if (fate === 'failed' || fate === 'not_called') expect(heard, `“${mark}” is called ${fate}`).toBe(0);
        if (fate !== null) fates[fate] += 1;
      }
      const ended = facts.filter(({ type }) => type === 'turn.ended').map(({ payload }) => payload.turnId);
      expect(new Set(ended).size, 'a turn ended twice').toBe(ended.length);
      return fates;
    },
  };
}

const factsOf = (entries: readonly WireEntry[]): Fact[] =>
  entries.map(({ type, payload }) => ({ type, payload: Payload.parse(payload) }));

/** What the ledger has about a mark, for whoever has to find out why. */
const tellOf = (facts: readonly Fact[], mark: string): string => {
  const sent = facts.find(({ type, payload }) => type === 'message.sent' && payload.content === `carried ${mark}`);
  const { conveyanceId, turnId } = sent?.payload ?? {};
  return facts
    .filter(
      ({ payload }) =>
        payload.content?.includes(`carried ${mark}`) ||
        (conveyanceId && payload.conveyanceId === conveyanceId) ||
        (turnId && payload.turnId === turnId),
    )
    .map(({ type, payload }) => `${type} ${JSON.stringify(payload)}`)
    .join('\n');
};

/** How often an agent was told something with this mark, by its own transcript. */
const timesIn = (facts: readonly Fact[], seat: string, mark: string): number =>
  facts.filter(
    ({ type, payload }) =>
      type === 'message.seen' &&
      payload.seat === seat &&
      (payload.messageType === 'user_message' || payload.messageType === 'system_message') &&
      payload.content?.includes(`carried ${mark}`),
  ).length;

const heardTimes = (facts: readonly Fact[], mark: string): number => timesIn(facts, 'b', mark);

/** Null while it is under way. */
function fateOf(facts: readonly Fact[], mark: string): Fate | null {
  const sent = facts.find(({ type, payload }) => type === 'message.sent' && payload.content === `carried ${mark}`);
  if (sent) {
    const own = facts.filter(({ payload }) => payload.conveyanceId === sent.payload.conveyanceId);
    const failed = own.find(({ type }) => type === 'message.delivery_failed');
    if (failed) return failed.payload.outcome === 'outcome_unknown' ? 'outcome_unknown' : 'failed';
    const end = endOf(facts, sent.payload.turnId);
    if (end === null || !own.some(({ type }) => type === 'message.received')) return null;
    return end.error ? 'lost' : 'delivered';
  }
  const spoken = facts.find(
    ({ type, payload }) => type === 'message.spoken' && payload.content?.includes(`carried ${mark}`),
  );
  return spoken && endOf(facts, spoken.payload.turnId)?.error ? 'not_called' : null;
}

/** Messages of which only a person can say what is to become. */
function undecided(facts: readonly Fact[]): string[] {
  const failures = facts.filter(({ type }) => type === 'message.delivery_failed').map(({ payload }) => payload);
  const dropped = new Set(failures.filter(({ outcome }) => outcome === 'dropped').map((each) => each.conveyanceId));
  return failures.flatMap(({ conveyanceId, outcome }) =>
    conveyanceId && (outcome === 'failed' || outcome === 'outcome_unknown') && !dropped.has(conveyanceId)
      ? [conveyanceId]
      : [],
  );
}

const endOf = (facts: readonly Fact[], turnId: Fact['payload']['turnId']) =>
  facts.find(({ type, payload }) => type === 'turn.ended' && payload.turnId === turnId)?.payload ?? null;
