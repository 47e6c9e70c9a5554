import type pg from 'pg';
import type { AgentId, ServerName, WorkspaceId } from '@/lib/protocol/ids';
import { createTurnstile } from '../database/turnstile';

export type GatedAgent = { workspaceId: WorkspaceId; server: ServerName; agentId: AgentId };

/** A rule asks about messages of the agent that sits in `s`. Who is only watched is gated by its edge alone. */
const IS_ASKED_ABOUT = `s.taken AND EXISTS (SELECT 1 FROM standing_rule r WHERE r.workspace_id = s.workspace_id AND r.effect = 'ask'
  AND r.revoked_at IS NULL AND (r.expires_at IS NULL OR r.expires_at > clock_timestamp())
  AND (r.from_agent_id = s.agent_id OR r.from_agent_id IS NULL)
  AND (r.tool IS NULL OR r.tool LIKE 'send_message_to_agent%'))`;

/** A person sits in a seat: what its agent still sends is kept back, and what the others send it is for the person. */
const HAS_HOLDER = `EXISTS (SELECT 1 FROM seat h WHERE h.workspace_id = c.workspace_id AND h.conversation_id = c.id
  AND h.holder_id IS NOT NULL)`;

/**
 * Whether the conversation `c` wants the messaging calls from its seat `s` to stop: Parley carries them, an edge holds
 * them, a rule asks about them, or a person sits in one of its seats.
 */
export const NEEDS_GATES = `c.phase <> 'stopped' AND (s.taken OR c.observed) AND (c.conveyance = 'tool' OR EXISTS (
  SELECT 1 FROM jsonb_array_elements(c.edges) e WHERE e->>'from' = s.seat AND e->>'mode' <> 'pass') OR ${IS_ASKED_ABOUT} OR ${HAS_HOLDER})`;

/** So many connections of a pool are held at most while Letta is asked; the others are for whoever must go on meanwhile. */
const HELD_MAX = 4;
const turnstiles = new WeakMap<pg.Pool, ReturnType<typeof createTurnstile>>();

function turnstileOf(pool: pg.Pool): ReturnType<typeof createTurnstile> {
  const known = turnstiles.get(pool) ?? createTurnstile(HELD_MAX);
  turnstiles.set(pool, known);
  return known;
}

/**
 * Runs `work` while nobody else, on any instance, sets or releases the gates of this agent: looking at its tools,
 * changing them and remembering it are several steps, and a release that falls between them would leave it ungated.
 * HAZARD: `work` needs connections, too, and so does the sandbox to answer it: held by all at once they would all wait.
 */
export const withGateLock = <T>(pool: pg.Pool, agent: GatedAgent, work: () => Promise<T>): Promise<T> =>
  turnstileOf(pool)(() => holding(pool, agent, work));

async function holding<T>(
  pool: pg.Pool,
  { workspaceId, server, agentId }: GatedAgent,
  work: () => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `gate ${workspaceId} ${server} ${agentId}`,
    ]);
    return await work();
  } finally {
    // The transaction holds the lock and nothing else: there is nothing to keep.
    await client.query('ROLLBACK').then(
      () => client.release(),
      () => client.release(true),
    );
  }
}
