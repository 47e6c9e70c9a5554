import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AgentId, ServerName, WorkspaceId } from '@/lib/protocol/ids';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database';
import { openSeatsOf } from '../conversations/open-seats-of';
import { listConversations } from '../conversations/read-conversations';
import { loadLoose } from '../drafts/load-drafts';
import { listDrafts } from '../drafts/read-drafts';
import { findOwnTasks } from '../tasks/find-own-tasks';

/** So many of each are over, and nothing is open. */
const OVER = 5_000;
/** More than a page of a list with what hangs on its items, and far less than all that is over. */
const EFFORT_MAX = 1_000;

const workspaceId = WorkspaceId.parse(randomUUID());
const server = ServerName.parse('far');
const agentId = AgentId.parse('agent-1');
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase(1); // one connection, whose statistics are asked for behind each question
  const { pool } = database;
  const each = `generate_series(1, ${OVER}) n`;
  for (const sql of [
    `INSERT INTO conversation (workspace_id, id, stream_seq, title, server, conveyance, observed, sandbox, max_turns, turns,
       phase, archived, edges, created_at, last_activity_at)
     SELECT $1, gen_random_uuid(), 9, 'over', 'far', 'tool', false, false, 50, 4, 'stopped', false, '[]',
       now() - n * interval '1 s', now() - n * interval '1 s' FROM ${each}`,
    `INSERT INTO seat (workspace_id, conversation_id, seat, server, agent_id, name, dialect, thread_key, taken, gated)
     SELECT $1, id, seat, 'far', 'agent-' || ascii(seat) - 96, 'Alice', 'rest', '', false, false
     FROM conversation, unnest(ARRAY['a', 'b']) AS seat`,
    `INSERT INTO turn (workspace_id, id, conversation_id, root_id, seat, server, agent_id, thread_key, position, state, input)
     SELECT $1, gen_random_uuid(), id, gen_random_uuid(), 'a', 'far', 'agent-1', '', row_number() OVER (), 'ended', '{}'
     FROM conversation`,
    `INSERT INTO draft (workspace_id, id, kind, server, agent_id, thread_key, author, target, content, content_hash,
       tool_call, why, held_by, allowed, reviewers, undo_seconds, status, verdicts, dispatch, can_retry, created_at)
     SELECT $1, gen_random_uuid(), 'tool_call', 'far', 'agent-1', '', '{"agentId":"agent-1","name":"Alice"}', '{"name":"x"}', 'x', 'h',
       '{"toolCallId":"c","name":"x","arguments":"{}"}', 'asked', 'approval', '{approve}', 1, 5,
       (ARRAY['approved', 'rejected', 'withdrawn'])[n % 3 + 1], '[]', NULL, false, now() - n * interval '1 s' FROM ${each}`,
    `INSERT INTO task (workspace_id, id, stream_seq, state, principal_id, runner, agent_id, command, record, created_at)
     SELECT $1, gen_random_uuid(), 9, 'SUCCESS', 'p', 'external', 'agent-' || n + 1, '/sync', '{}', now() FROM ${each}`,
  ]) {
    await pool.query(sql, [workspaceId]);
  }
  await pool.query('VACUUM ANALYZE conversation, seat, turn, draft, task');
});
afterAll(() => database.drop());

/** Rows that were read until now, and pages of indexes that were looked at for them. */
async function effort(): Promise<number> {
  await database.pool.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await database.pool.query<{ effort: number }>(
    `SELECT sum(t.seq_tup_read + coalesce(t.idx_tup_fetch, 0) + coalesce(b.idx_blks_read + b.idx_blks_hit, 0))::float8 AS effort
     FROM pg_stat_user_tables t JOIN pg_statio_user_tables b USING (relid)`,
  );
  return rows[0]?.effort ?? 0;
}

test.each<[string, (db: TestDatabase['pool']) => Promise<unknown>]>([
  ['where an agent sits', (db) => openSeatsOf(db, { workspaceId, server, agentId })],
  ['what waits for people at a server', (db) => loadLoose(db, workspaceId, server)],
  ['the list of conversations', (db) => listConversations(db, workspaceId, { limit: 50 })],
  ['the list of drafts', (db) => listDrafts(db, workspaceId, { limit: 50 })],
  [
    'the tasks of a key',
    (db) =>
      findOwnTasks(db, {
        workspaceId,
        actor: { kind: 'key', id: 'k', name: 'k' },
        role: 'viewer',
        credential: { kind: 'key', id: 'k' },
        agentScope: { agentIds: [agentId], taskIds: [randomUUID(), 'none of ours'] },
      }),
  ],
])('%s is read without going through all that is over', async (_what, read) => {
  const before = await effort();
  await read(database.pool);
  expect((await effort()) - before).toBeLessThan(EFFORT_MAX);
});
