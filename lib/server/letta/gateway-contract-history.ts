import { describe, expect, it } from 'vitest';
import type { AgentId } from '@/lib/protocol/ids';
import type { AgentMessage } from '@/lib/protocol/message';
import type { Gateway, TailedMessage } from './gateway';
import type { Bench } from './gateway-contract-target';
import { defaultThread, eventually, say, transcript } from './gateway-contract-turn';

/** What was said: pages of one thread, and the tail of everything. */
export function describeHistory({ target, gateway, agent }: Bench): void {
  const chat = async (id: AgentId, times: number) => {
    for (let at = 0; at < times; at += 1)
      await say(gateway(), id, target().ask([{ kind: 'say', text: `Reply ${at}.` }]));
  };

  describe('history', () => {
    it('[LF10] gives a thread page by page, in both directions, each message once', async () => {
      const id = await agent();
      const thread = defaultThread(id);
      await chat(id, 4);
      const all = await transcript(gateway(), id);
      expect(all.map((message) => message.content).filter((text) => text?.startsWith('Reply'))).toEqual(
        [0, 1, 2, 3].map((at) => `Reply ${at}.`),
      );
      const [first] = all;
      const upwards: AgentMessage[] = first ? [first] : [];
      for (let page: AgentMessage[] = upwards; page.length > 0; upwards.push(...page)) {
        page = await gateway().listMessages(thread, { after: upwards.at(-1)?.messageId ?? '', limit: 2 });
      }
      expect(upwards).toEqual(all);
      const downwards: AgentMessage[] = await gateway().listMessages(thread, { limit: 2 });
      for (let page = downwards; page.length > 0; downwards.unshift(...page)) {
        page = await gateway().listMessages(thread, { before: downwards[0]?.messageId ?? '', limit: 2 });
      }
      expect(downwards).toEqual(all);
    });

    it('refuses a cursor that it does not know', async () => {
      const page = { after: 'message-00000000-0000-4000-8000-0000000000ff', limit: 2 };
      await expect(gateway().listMessages(defaultThread(await agent()), page)).rejects.toMatchObject({
        code: 'request.invalid',
      });
    });

    it('[LF8] gives times in UTC with milliseconds', async () => {
      const id = await agent();
      const before = Date.now();
      await chat(id, 1);
      const last = (await transcript(gateway(), id)).at(-1);
      expect(last?.date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(Math.abs(Date.parse(last?.date ?? '') - before)).toBeLessThan(30_000);
      const [run] = await gateway().listRuns(id, new Date(0));
      expect(Math.abs((run?.createdAt.getTime() ?? 0) - before)).toBeLessThan(30_000);
    });

    it('[LF9] tails all agents from now on, and knows who said what', async () => {
      const pair = await Promise.all([agent(), agent()]);
      const start = await gateway().tail(null, 100);
      expect(start.messages).toEqual([]);
      await Promise.all(pair.map((id) => chat(id, 2)));
      const witness = target().connect(); // has sent nothing: it must find out whose each run is
      for (const reader of [gateway(), witness]) {
        const told = await follow(reader, start.cursor, 100, (messages) =>
          pair.every((id) => of(messages, id).length >= 4),
        );
        for (const id of pair) {
          const listed = (await transcript(gateway(), id)).filter((message) => message.runId !== null);
          expect(of(told, id)).toEqual(listed);
        }
        expect(told.every(({ message, threadId }) => message.runId !== null && threadId === null)).toBe(true);
      }
    });

    it('tails in small pages without leaving anything out', async () => {
      const id = await agent();
      const { cursor } = await gateway().tail(null, 100);
      await chat(id, 5);
      const told = await follow(gateway(), cursor, 3, (messages) => of(messages, id).length >= 10);
      expect(of(told, id)).toEqual((await transcript(gateway(), id)).filter((message) => message.runId !== null));
    });

    it('goes on tailing when the agent is deleted whose message was last', async () => {
      const [staying, going] = await Promise.all([agent(), agent()]);
      await chat(going, 1);
      const { cursor } = await gateway().tail(null, 100);
      await gateway().deleteAgent(going);
      const after = await gateway().tail(cursor, 100);
      await chat(staying, 1);
      const told = await follow(gateway(), after.cursor, 100, (messages) => of(messages, staying).length >= 2);
      expect(of(told, staying).at(-1)?.content).toBe('Reply 0.');
    });
  });
}

const of = (told: TailedMessage[], agentId: AgentId): AgentMessage[] =>
  told.filter((each) => each.agentId === agentId).map((each) => each.message);

/** Tails until `enough`; what comes again is left out, as the port asks of its callers. */
async function follow(
  gateway: Gateway,
  from: string | null,
  limit: number,
  enough: (told: TailedMessage[]) => boolean,
): Promise<TailedMessage[]> {
  const told = new Map<string, TailedMessage>();
  let cursor = from;
  await eventually(
    async () => {
      const page = await gateway.tail(cursor, limit);
      cursor = page.cursor;
      for (const each of page.messages) {
        const key = `${each.message.messageId} ${each.message.messageType}`;
        if (!told.has(key)) told.set(key, each);
      }
      return [...told.values()];
    },
    (found) => enough(found),
  );
  return [...told.values()];
}
