import type { EntryOf } from '@/lib/protocol/entry';
import type { WorkspaceId } from '@/lib/protocol/ids';
import { toStoredText } from '../database/stored-text';
import type { Queryable } from '../ledger/command';

type Told =
  | EntryOf<'message.sent'>
  | EntryOf<'message.received'>
  | EntryOf<'message.answered'>
  | EntryOf<'message.delivery_failed'>;
type Key = [WorkspaceId, string];

/**
 * Remembers a message that Letta delivered by itself until all of it is known, so that what is seen later can be joined
 * to it. Each that arrived is a turn of the conversation, though none of them is bounded.
 */
export async function projectEngineMessage(db: Queryable, key: Key, entry: Told): Promise<void> {
  const { conveyanceId } = entry.payload;
  await write(db, key, entry);
  await db.query(
    'DELETE FROM engine_message WHERE workspace_id = $1 AND id = $2 AND is_sent AND is_received AND is_answered',
    [key[0], conveyanceId],
  );
}

async function write(db: Queryable, key: Key, entry: Told): Promise<void> {
  switch (entry.type) {
    case 'message.sent': {
      const { conveyanceId, from, to, toAgentId, content, toolCallId } = entry.payload;
      const values = [conveyanceId, from, to === null ? null : toAgentId, toStoredText(content), toolCallId, entry.seq];
      await db.query(
        `INSERT INTO engine_message (workspace_id, conversation_id, id, from_seat, to_agent_id, words, tool_call_id,
           is_sent, is_received, is_answered, told_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, true, false, false, $8)
         ON CONFLICT (workspace_id, id) DO UPDATE SET is_sent = true, words = $6, tool_call_id = $7`,
        [...key, ...values],
      );
      return;
    }
    case 'message.received': {
      const { conveyanceId, from, to, content } = entry.payload;
      await db.query(
        `UPDATE conversation SET turns = turns + 1 WHERE workspace_id = $1 AND id = $2 AND conveyance = 'engine'`,
        key,
      );
      if (from === null) return; // Nobody here will tell of its sending.
      await db.query(
        `INSERT INTO engine_message (workspace_id, conversation_id, id, from_seat, to_agent_id, words, tool_call_id,
           is_sent, is_received, is_answered, told_at)
         SELECT $1, $2, $3, $4, agent_id, $6, NULL, false, true, false, $7 FROM seat
         WHERE workspace_id = $1 AND conversation_id = $2 AND seat = $5
         ON CONFLICT (workspace_id, id) DO UPDATE SET is_received = true`,
        [...key, conveyanceId, from, to, toStoredText(content), entry.seq],
      );
      return;
    }
    case 'message.delivery_failed':
      await db.query('UPDATE engine_message SET is_received = true WHERE workspace_id = $1 AND id = $2', [
        key[0],
        entry.payload.conveyanceId,
      ]);
      return;
    case 'message.answered':
      await db.query(
        `UPDATE engine_message SET is_answered = true, is_received = is_received OR to_agent_id IS NULL
         WHERE workspace_id = $1 AND id = $2`,
        [key[0], entry.payload.conveyanceId],
      );
  }
}
