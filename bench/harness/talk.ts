import { randomUUID } from 'node:crypto';
import { system } from '@/lib/protocol/actor';
import { entryPayloads, type WireEntry } from '@/lib/protocol/entry';
import { ConversationId } from '@/lib/protocol/ids';
import { conversationStream } from '@/lib/protocol/stream';
import type { NewEntry } from '@/lib/server/ledger/command';
import type { Runtime } from '@/lib/server/runtime';

const BATCH = 500;
const WORDS = 'So it is, and so it goes on for a while, until somebody has another thought. ';
/** One message in so many is a thought, which the page folds. */
const THOUGHT_EVERY = 5;
/** Between two messages of what was said long ago. */
const PACE_MS = 700;

/** A conversation of two agents that exist nowhere else. */
export type Talk = {
  id: ConversationId;
  /** Adds so many messages, by the two in turn, that are said now; the entries of the last batch. */
  say(count: number): Promise<WireEntry[]>;
  /** Adds so many that were said one after another until now. */
  recall(count: number): Promise<void>;
  /** The seq of each message, in order, with its streamSeq; thoughts, which the page may fold, are left out. */
  rows: { seq: number; streamSeq: number }[];
};

export async function openTalk(rt: Runtime, title: string): Promise<Talk> {
  const id = ConversationId.parse(randomUUID());
  const stream = conversationStream(id);
  const agentIds = { a: `agent-${randomUUID()}`, b: `agent-${randomUUID()}` };
  const seat = (seatId: 'a' | 'b', name: string) => ({
    ...{ id: seatId, agentId: agentIds[seatId], name, dialect: 'rest', threadId: null },
  });
  const opened = entryPayloads['conversation.opened'].parse({
    ...{ title, server: 'bench', seats: [seat('a', 'Alice'), seat('b', 'Bob')], conveyance: 'tool', maxTurns: 10 },
    ...{ edges: [], observed: false, sandbox: false },
  });
  await rt.ledger.record(rt.workspaceId, system, [{ stream, type: 'conversation.opened', payload: opened }]);
  let said = 0;
  const rows: Talk['rows'] = [];
  const message = (occurredAt = new Date()): NewEntry => {
    said += 1;
    const by = said % 2 === 0 ? 'a' : 'b';
    const text = `m-${said} ${WORDS.repeat(1 + (said % 4))}`;
    const spoken =
      said % THOUGHT_EVERY === 0
        ? { messageType: 'reasoning_message', reasoning: text }
        : { messageType: 'assistant_message', content: text };
    const name = by === 'a' ? 'Alice' : 'Bob';
    return {
      stream,
      type: 'message.seen',
      occurredAt,
      actor: { kind: 'agent', id: agentIds[by], name },
      payload: entryPayloads['message.seen'].parse({
        ...{ messageId: `message-${said}`, date: occurredAt.toISOString(), runId: null, stepId: null, otid: null },
        ...{ senderId: null, senderName: null, seat: by, ...spoken },
      }),
    };
  };
  const record = async (batch: NewEntry[]) => {
    const entries = await rt.ledger.record(rt.workspaceId, system, batch);
    for (const { seq, streamSeq, payload } of entries)
      if (payload && 'content' in payload) rows.push({ seq, streamSeq });
    return entries;
  };
  return {
    id,
    rows,
    say: (count) => record(Array.from({ length: count }, () => message())),
    async recall(count) {
      const now = Date.now();
      for (let left = count; left > 0; left -= BATCH) {
        const batch = Math.min(BATCH, left);
        await record(Array.from({ length: batch }, (_, at) => message(new Date(now - (left - at) * PACE_MS))));
      }
    },
  };
}
