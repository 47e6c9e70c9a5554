import { z } from 'zod';
import { system } from '@/lib/protocol/actor';
import type { PayloadOf } from '@/lib/protocol/entry';
import { isAppError } from '@/lib/protocol/errors';
import { AgentId, ServerName, WorkspaceId } from '@/lib/protocol/ids';
import { fleetStream } from '@/lib/protocol/stream';
import type { Task } from '../jobs';
import type { Effect, Queryable } from '../ledger/command';
import type { Gateway } from '../letta/gateway';
import type { Runtime } from '../runtime';
import { NEEDS_GATES, withGateLock } from './gate-lock';

/** For these an agent's tools are set back only where nothing else needs them to stop. */
const ordinaryReasons = [
  'conversation_stopped',
  'edge_passes',
  'rule_revoked',
  'rule_expired',
  'seat_left',
] as const satisfies PayloadOf<'agent.released'>['why'][];

const Release = z.object({
  workspaceId: WorkspaceId,
  server: ServerName,
  agentId: AgentId,
  why: z.enum([...ordinaryReasons, 'server_removed', 'doctor', 'agent_removed']),
});
export type Release = z.infer<typeof Release>;

export const releaseEffect = (release: Release, runAt?: Date): Effect => ({
  task: 'gates.release',
  payload: release,
  queue: `gates:${release.server}/${release.agentId}`,
  ...(runAt ? { runAt } : {}),
});

const WHILE_BUSY_MS = 1_000;

const ordinary: ReadonlySet<Release['why']> = new Set(ordinaryReasons);

/** Sets an agent's tools back as they were, once nothing of it is under way and no conversation needs its gates. */
export const releaseGates = (rt: Runtime): Task<typeof Release> => ({
  name: 'gates.release',
  payload: Release,
  run: async (release) => {
    const { workspaceId, server, agentId } = release;
    const key = [workspaceId, server, agentId];
    await withGateLock(rt.database.pool, release, async () => {
      const { rows } = await rt.database.pool.query<{ is_needed: boolean; is_busy: boolean }>(
        `SELECT
         EXISTS (SELECT 1 FROM seat s JOIN conversation c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
                 WHERE s.workspace_id = $1 AND s.server = $2 AND s.agent_id = $3 AND ${NEEDS_GATES}) AS is_needed,
         EXISTS (SELECT 1 FROM turn t WHERE t.workspace_id = $1 AND t.server = $2 AND t.agent_id = $3
                 AND t.state <> 'ended') AS is_busy`,
        key,
      );
      const isOrdinary = ordinary.has(release.why);
      if (rows[0]?.is_needed && isOrdinary) return;
      if (rows[0]?.is_busy && isOrdinary) return later(rt, release);
      await releaseNow(rt, release);
    });
  },
});

async function later(rt: Runtime, release: Release): Promise<void> {
  const runAt = new Date(rt.clock.now().getTime() + WHILE_BUSY_MS);
  await rt.ledger.append({
    workspaceId: release.workspaceId,
    actor: system,
    load: async () => null,
    decide: () => ({ ok: true, entries: [], effects: [releaseEffect(release, runAt)], answer: () => null }),
  });
}

/** What releasing needs of the program: a command beside it has no more. */
export type Releasing = Pick<Runtime, 'ledger'> & {
  database: { pool: Queryable };
  letta: { require(name: ServerName): { gateway: Pick<Gateway, 'setApproval'> } };
};

/** Sets back what Parley has gated of an agent and records it. Resolves with the tools. */
export async function releaseNow(rt: Releasing, { workspaceId, server, agentId, why }: Release): Promise<string[]> {
  const key = [workspaceId, server, agentId];
  const { rows } = await rt.database.pool.query<{ tool: string }>(
    'SELECT tool FROM gate WHERE workspace_id = $1 AND server = $2 AND agent_id = $3',
    key,
  );
  const tools = rows.map((row) => row.tool);
  if (tools.length === 0) return [];
  for (const tool of tools) {
    await rt.letta
      .require(server)
      .gateway.setApproval(agentId, tool, false)
      .catch((error: unknown) => {
        // An agent or tool that is gone has nothing to be set back.
        if (!isAppError(error) || error.code !== 'agent.not_found') throw error;
      });
  }
  await rt.ledger.append({
    workspaceId,
    actor: system,
    load: async () => null,
    decide: () => ({
      ok: true,
      entries: [{ stream: fleetStream, type: 'agent.released' as const, payload: { agentId, server, tools, why } }],
      write: async (db) => {
        await db.query(
          'DELETE FROM gate WHERE workspace_id = $1 AND server = $2 AND agent_id = $3 AND tool = ANY($4::text[])',
          [...key, tools],
        );
        await db.query('UPDATE seat SET gated = false WHERE workspace_id = $1 AND server = $2 AND agent_id = $3', key);
      },
      answer: () => null,
    }),
  });
  return tools;
}
