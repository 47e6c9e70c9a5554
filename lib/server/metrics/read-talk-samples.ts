import { z } from 'zod';
import { type TalkEnd, type TalkEvent, type TalkSample, talkSamples } from '@/lib/domain/conversation/talk-samples';
import { CallMode } from '@/lib/protocol/entries/conversation-entries';
import { AgentId, ConversationId, ConveyanceId, SeatId, type WorkspaceId } from '@/lib/protocol/ids';
import type { TalkQuery } from '@/lib/protocol/talk-figures';
import { jsonOfText } from '../database/json-of-text';
import type { Queryable } from '../ledger/command';

const EVENTS_MAX = 2_000;

const End = z.object({ seat: SeatId.nullable(), agentId: AgentId.nullable(), name: z.string().nullable() });

const toEnd = ({ seat, agentId, name }: z.infer<typeof End>): TalkEnd | null =>
  agentId === null ? null : { seat, agentId, name: name ?? agentId };

const Row = z
  .object({
    type: z.enum(['message.sent', 'message.received', 'message.answered']),
    entry: z.number(),
    streamSeq: z.number(),
    conversationId: ConversationId,
    at: z.date(),
    conveyanceId: ConveyanceId,
    from: End,
    to: End,
    byPerson: z.boolean(),
    latencyMs: z.number().nullable(),
    mode: CallMode.nullable(),
  })
  .transform(
    ({ type, at, from, to, mode, ...row }): TalkEvent => ({
      ...row,
      kind: kinds[type],
      at: at.getTime(),
      from: toEnd(from),
      to: toEnd(to),
      isAwaited: mode === 'reply',
    }),
  );

const kinds = { 'message.sent': 'sent', 'message.received': 'received', 'message.answered': 'answered' } as const;

const newest = (type: string) => `
  (SELECT e.seq, e.stream, e.stream_seq, e.type, e.leaf FROM entry e
   WHERE e.workspace_id = $1 AND e.type = '${type}'
     AND ($2::timestamptz IS NULL OR e.received_at >= $2) AND ($3::timestamptz IS NULL OR e.received_at < $3)
   ORDER BY e.seq DESC LIMIT $4)`;

const STATEMENT = `
  SELECT e.type, e.seq::float8 AS entry, e.stream_seq::float8 AS "streamSeq", c.id AS "conversationId",
    (e.leaf::json->>'occurredAt')::timestamptz AS at, p.p->'conveyanceId' AS "conveyanceId",
    json_build_object('seat', p.p->'from', 'agentId', coalesce(to_json(a.agent_id), p.p->'fromAgentId'),
      'name', coalesce(to_json(a.name), p.p->'fromName')) AS "from",
    json_build_object('seat', p.p->'to', 'agentId', coalesce(to_json(b.agent_id), p.p->'toAgentId'),
      'name', coalesce(to_json(b.name), p.p->'toName')) AS "to",
    p.p->'personId' IS NOT NULL OR p.p->'spokenOtid' IS NOT NULL AS "byPerson", p.p->'latencyMs' AS "latencyMs",
    p.p->'mode' AS mode
  FROM (${['message.sent', 'message.received', 'message.answered'].map(newest).join(' UNION ALL ')}) e
  JOIN entry_payload ep ON ep.workspace_id = $1 AND ep.seq = e.seq AND ep.payload IS NOT NULL
  CROSS JOIN LATERAL (SELECT ${jsonOfText('ep.payload')} AS p) p
  CROSS JOIN LATERAL (SELECT substr(e.stream, 14)::uuid AS id) c
  LEFT JOIN seat a ON a.workspace_id = $1 AND a.conversation_id = c.id AND to_json(a.seat)::text = (p.p->'from')::text
  LEFT JOIN seat b ON b.workspace_id = $1 AND b.conversation_id = c.id AND to_json(b.seat)::text = (p.p->'to')::text`;

/** The newest messages between agents that arrived, and the answers to them, from the entries that prove them. */
export async function readTalkSamples(
  db: Queryable,
  workspaceId: WorkspaceId,
  { from, to }: TalkQuery,
): Promise<{ messages: TalkSample[]; answers: TalkSample[] }> {
  const { rows } = await db.query(STATEMENT, [workspaceId, from ?? null, to ?? null, EVENTS_MAX]);
  return talkSamples(rows.map((row) => Row.parse(row)));
}
