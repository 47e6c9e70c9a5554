import type { Entry, EntryOf, EntryType } from '@/lib/protocol/entry';
import type { WorkspaceId } from '@/lib/protocol/ids';
import { callsOf } from '@/lib/protocol/message-calls';
import { toStoredJson, toStoredText } from '../database/stored-text';
import type { Queryable } from '../ledger/command';
import type { Projection } from '../ledger/projection';
import { projectEngineMessage } from './project-engine-message';

type Write<T extends EntryType> = (db: Queryable, key: [WorkspaceId, string], entry: EntryOf<T>) => Promise<unknown>;

const idOf = (entry: Pick<Entry, 'stream'>): string => entry.stream.slice('conversation:'.length);

const insertConversation: Write<'conversation.opened'> = async (db, key, { payload, receivedAt }) => {
  await db.query(
    `INSERT INTO conversation (workspace_id, id, stream_seq, title, server, conveyance, observed, sandbox, max_turns,
       turns, phase, archived, edges, created_at, last_activity_at)
     VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, 0, 'open', false, $9, $10, $10)`,
    [
      ...key,
      payload.title,
      payload.server,
      payload.conveyance,
      payload.observed,
      payload.sandbox,
      payload.maxTurns,
      JSON.stringify(payload.edges),
      receivedAt,
    ],
  );
  for (const seat of payload.seats) {
    await db.query(
      `INSERT INTO seat (workspace_id, conversation_id, seat, server, agent_id, name, dialect, thread_key, taken, gated)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, false)`,
      [
        ...[...key, seat.id, payload.server, seat.agentId, seat.name, seat.dialect, seat.threadId ?? ''],
        !payload.observed, // Who is only watched is free to sit down elsewhere.
      ],
    );
  }
};

/** Turns that were waiting do not go out any more; those that a limit stopped were sent before it, and go. */
const stopConversation: Write<'conversation.stopped'> = async (db, key, { payload }) => {
  await db.query(
    `UPDATE conversation SET phase = 'stopped', stopped_reason = $3, stopped_why = $4 WHERE workspace_id = $1 AND id = $2`,
    [...key, payload.reason, payload.why],
  );
  await db.query(
    `UPDATE seat SET taken = false, holder_id = NULL, holder_name = NULL, held_until = NULL
     WHERE workspace_id = $1 AND conversation_id = $2`,
    key,
  );
  if (payload.why === 'turn_limit') return;
  await db.query(
    `UPDATE turn SET state = 'ended', stop_reason = 'not_sent'
     WHERE workspace_id = $1 AND conversation_id = $2 AND state = 'queued' AND input->>'kind' <> 'answers'`,
    key,
  );
};

const insertConveyance: Write<'message.sent'> = async (db, key, entry) => {
  const { payload, receivedAt } = entry;
  if (payload.carrier === 'engine') return projectEngineMessage(db, key, entry);
  await db.query(
    `INSERT INTO conveyance (workspace_id, conversation_id, id, from_seat, from_turn_id, to_seat, to_agent_id, to_name,
       message_id, tool_call_id, mode, content, state, turn_id, sent_at, with_person, draft_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
       CASE WHEN $15::uuid IS NULL OR $13::uuid IS NOT NULL THEN 'sent' ELSE 'parked' END, $13, $14, false, $15)`,
    [
      ...key,
      payload.conveyanceId,
      payload.from,
      payload.fromTurnId,
      payload.to,
      payload.toAgentId,
      toStoredText(payload.toName),
      payload.messageId,
      payload.toolCallId,
      payload.mode,
      toStoredText(payload.content),
      payload.turnId,
      receivedAt,
      payload.draftId ?? null,
    ],
  );
  if (payload.turnId === null && !payload.draftId) return;
  await db.query('UPDATE conversation SET turns = turns + 1 WHERE workspace_id = $1 AND id = $2', key);
};

/** What arrives at the person in a seat does not go to its agent any more. */
const receiveMessage: Write<'message.received'> = async (db, key, entry) => {
  const { payload } = entry;
  if (payload.carrier === 'engine') return projectEngineMessage(db, key, entry);
  const isWithPerson = payload.personId !== undefined;
  await db.query(
    `UPDATE conveyance SET with_person = $4, state = CASE WHEN answer_status IS NULL THEN 'received' ELSE 'answered' END
     WHERE workspace_id = $1 AND conversation_id = $2 AND id = $3`,
    [...key, payload.conveyanceId, isWithPerson],
  );
  if (!isWithPerson) return;
  await db.query(
    `UPDATE turn SET state = 'ended', stop_reason = 'not_sent' WHERE workspace_id = $1 AND conversation_id = $2
       AND state = 'queued' AND input->>'conveyanceId' = $3`,
    [...key, payload.conveyanceId],
  );
};

const endTurn: Write<'turn.ended'> = async (db, key, { payload }) => {
  const { rows } = await db.query<{ seat: string | null; input: { kind: string; messageId?: string } }>(
    `UPDATE turn SET state = 'ended', run_id = coalesce($4, run_id), stop_reason = $5, usage = $6
     WHERE workspace_id = $1 AND conversation_id = $2 AND id = $3 RETURNING seat, input`,
    [...key, payload.turnId, payload.runId, payload.stopReason, payload.usage && JSON.stringify(payload.usage)],
  );
  const [turn] = rows;
  if (turn?.input.kind === 'agent' && payload.stopReason === 'cancelled') await leaveWithPerson(db, key, payload);
  if (turn?.input.kind !== 'answers' || payload.stopReason === 'not_sent') return;
  await db.query(
    `UPDATE seat SET pending_id = NULL, pending_calls = NULL
     WHERE workspace_id = $1 AND conversation_id = $2 AND seat = $3 AND pending_id = $4`,
    [...key, turn.seat, turn.input.messageId],
  );
};

/** A turn that was interrupted leaves nothing with the agent: in a held seat its message is the person's to answer. */
const leaveWithPerson = (db: Queryable, key: [WorkspaceId, string], ended: EntryOf<'turn.ended'>['payload']) =>
  db.query(
    `UPDATE conveyance c SET with_person = true FROM seat s
     WHERE c.workspace_id = $1 AND c.conversation_id = $2 AND c.turn_id = $3 AND c.state = 'received'
       AND s.workspace_id = $1 AND s.conversation_id = $2 AND s.seat = c.to_seat AND s.holder_id IS NOT NULL`,
    [...key, ended.turnId],
  );

const holdSeat: Write<'seat.taken' | 'seat.renewed'> = (db, key, { payload }) =>
  db.query(
    `UPDATE seat SET holder_id = $4, holder_name = $5, held_until = $6
     WHERE workspace_id = $1 AND conversation_id = $2 AND seat = $3`,
    [...key, payload.seat, payload.personId, payload.name, payload.until],
  );

const freeSeat: Write<'seat.handed_back' | 'seat.expired'> = (db, key, { payload }) =>
  db.query(
    `UPDATE seat SET holder_id = NULL, holder_name = NULL, held_until = NULL
     WHERE workspace_id = $1 AND conversation_id = $2 AND seat = $3`,
    [...key, payload.seat],
  );

const keepOutput: Write<'output.quarantined'> = (db, [workspaceId, conversationId], { id, seq, payload }) =>
  db.query(
    `INSERT INTO quarantine (workspace_id, id, seq, conversation_id, seat, message_id, tool_call_id, content, mode,
       to_agent_id, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'kept')`,
    [
      workspaceId,
      id,
      seq,
      conversationId,
      payload.seat,
      payload.messageId,
      payload.toolCallId === null ? null : toStoredText(payload.toolCallId),
      toStoredText(payload.content),
      payload.mode,
      payload.toAgentId,
    ],
  );

const settleOutput =
  (state: 'released' | 'dropped'): Write<'output.released' | 'output.dropped'> =>
  (db, [workspaceId], { payload }) =>
    db.query('UPDATE quarantine SET state = $3 WHERE workspace_id = $1 AND id = $2', [
      workspaceId,
      payload.entryId,
      state,
    ]);

const writes: { [T in EntryType]?: Write<T> } = {
  'conversation.opened': insertConversation,
  'conversation.changed': async (db, key, { payload }) => {
    await db.query(
      `UPDATE conversation SET title = coalesce($3, title), max_turns = coalesce($4, max_turns),
         phase = coalesce($5, phase), conveyance = coalesce($6, conveyance), observed = observed AND $6::text IS NULL
       WHERE workspace_id = $1 AND id = $2`,
      [
        ...[...key, payload.title, payload.maxTurns],
        ...[payload.state === 'running' ? 'open' : payload.state, payload.conveyance],
      ],
    );
    if (payload.conveyance === undefined) return;
    await db.query('UPDATE seat SET taken = true, gated = false WHERE workspace_id = $1 AND conversation_id = $2', key);
  },
  'conversation.stopped': stopConversation,
  'conversation.archived': (db, key) =>
    db.query('UPDATE conversation SET archived = true WHERE workspace_id = $1 AND id = $2', key),
  'message.sent': insertConveyance,
  'edge.set': (db, key, { payload }) =>
    db.query(
      `UPDATE conversation SET edges = (
         SELECT coalesce(jsonb_agg(e), '[]') FROM jsonb_array_elements(edges) e
         WHERE e->>'from' <> $3 OR e->>'to' <> $4) || $5::jsonb
       WHERE workspace_id = $1 AND id = $2`,
      [...key, payload.from, payload.to, JSON.stringify([payload])],
    ),
  'message.received': receiveMessage,
  // An author may read an answer before the message has arrived (a circle of waiting): then it is still on its way.
  'message.answered': (db, key, entry) => {
    const { payload } = entry;
    if (payload.carrier === 'engine') return projectEngineMessage(db, key, entry);
    return db.query(
      `UPDATE conveyance SET answer_status = $4, answer_text = $5,
         state = CASE WHEN state = 'sent' AND turn_id IS NOT NULL THEN state ELSE 'answered' END
       WHERE workspace_id = $1 AND conversation_id = $2 AND id = $3`,
      [...key, payload.conveyanceId, payload.status, toStoredText(payload.text)],
    );
  },
  // Where no call waits for an answer (relay), what was refused or given up is over.
  'message.delivery_failed': (db, key, entry) => {
    const { payload } = entry;
    if (payload.carrier === 'engine') return projectEngineMessage(db, key, entry);
    return db.query(
      `UPDATE conveyance SET state = CASE WHEN tool_call_id IS NULL AND $5 THEN 'answered' ELSE $4 END
       WHERE workspace_id = $1 AND conversation_id = $2 AND id = $3`,
      [
        ...key,
        payload.conveyanceId,
        payload.outcome === 'outcome_unknown' ? 'outcome_unknown' : 'failed',
        payload.outcome === 'refused' || payload.outcome === 'dropped',
      ],
    );
  },
  'message.delivery_retried': (db, key, { payload }) =>
    db.query(
      `UPDATE conveyance SET state = 'sent', turn_id = $4, with_person = false WHERE workspace_id = $1 AND conversation_id = $2 AND id = $3`,
      [...key, payload.conveyanceId, payload.turnId],
    ),
  'turn.started': (db, key, { payload, receivedAt }) =>
    db.query(
      `UPDATE turn SET state = 'started', started_at = $4 WHERE workspace_id = $1 AND conversation_id = $2 AND id = $3`,
      [...key, payload.turnId, receivedAt],
    ),
  'turn.ended': endTurn,
  'seat.taken': holdSeat,
  'seat.renewed': holdSeat,
  'seat.handed_back': freeSeat,
  'seat.expired': freeSeat,
  'seat.renamed': (db, key, { payload }) =>
    db.query('UPDATE seat SET name = $4 WHERE workspace_id = $1 AND conversation_id = $2 AND seat = $3', [
      ...[...key, payload.seat, payload.name],
    ]),
  'output.quarantined': keepOutput,
  'output.released': settleOutput('released'),
  'output.dropped': settleOutput('dropped'),
};

/** Remembers which messages a transcript holds, and at which call an agent stands: one statement each for a batch. */
async function projectSeen(
  db: Queryable,
  workspaceId: WorkspaceId,
  entries: readonly EntryOf<'message.seen'>[],
): Promise<void> {
  await db.query(
    `INSERT INTO seen_message (workspace_id, conversation_id, seat, message_id, message_type)
     SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) ON CONFLICT DO NOTHING`,
    [
      workspaceId,
      entries.map(idOf),
      entries.map((entry) => entry.payload.seat),
      entries.map((entry) => entry.payload.messageId),
      entries.map((entry) => entry.payload.messageType),
    ],
  );
  for (const entry of entries) {
    const { seat, messageId, messageType, approvals } = entry.payload;
    if (messageType === 'approval_request_message') {
      await db.query(
        `UPDATE seat SET pending_id = $4, pending_calls = $5
         WHERE workspace_id = $1 AND conversation_id = $2 AND seat = $3`,
        [workspaceId, idOf(entry), seat, messageId, toStoredJson(callsOf(entry.payload))],
      );
    }
    if (messageType === 'approval_response_message') {
      await db.query(
        `UPDATE seat SET pending_id = NULL, pending_calls = NULL WHERE workspace_id = $1 AND conversation_id = $2
           AND seat = $3 AND pending_calls @> ANY ($4::jsonb[])`,
        [workspaceId, idOf(entry), seat, (approvals ?? []).map(({ toolCallId }) => toStoredJson([{ toolCallId }]))],
      );
    }
  }
}

async function touch(db: Queryable, workspaceId: WorkspaceId, entries: readonly Entry[]): Promise<void> {
  const last = new Map(entries.map((entry) => [idOf(entry), entry]));
  await db.query(
    `UPDATE conversation c SET stream_seq = l.stream_seq, last_activity_at = l.at
     FROM unnest($2::uuid[], $3::int8[], $4::timestamptz[]) AS l (id, stream_seq, at)
     WHERE c.workspace_id = $1 AND c.id = l.id`,
    [
      workspaceId,
      [...last.keys()],
      [...last.values()].map((entry) => entry.streamSeq),
      [...last.values()].map((entry) => entry.receivedAt),
    ],
  );
}

const isSeen = (entry: Entry): entry is EntryOf<'message.seen'> => entry.type === 'message.seen';

async function projectOne<T extends EntryType>(
  db: Queryable,
  workspaceId: WorkspaceId,
  entry: EntryOf<T>,
): Promise<void> {
  const write: Write<T> | undefined = writes[entry.type];
  await write?.(db, [workspaceId, idOf(entry)], entry);
}

/** Conversations, their seats, turns and conveyances, as the entries of their streams tell them. */
export const conversationProjection: Projection = {
  types: new Set<EntryType>([
    ...(Object.keys(writes) as EntryType[]),
    'message.spoken',
    'message.seen',
    'memory.changed',
    'draft.parked',
    'draft.settled',
    'unknown',
  ]),
  project: async (db, workspaceId, entries) => {
    const own = entries.filter((entry) => entry.stream.startsWith('conversation:'));
    if (own.length === 0) return;
    // Messages seen change nothing that the other types look at but the call at which an agent stands, which they precede.
    for (const entry of own) if (!isSeen(entry)) await projectOne(db, workspaceId, entry);
    const seen = own.filter(isSeen);
    if (seen.length > 0) await projectSeen(db, workspaceId, seen);
    await touch(db, workspaceId, own);
  },
};
