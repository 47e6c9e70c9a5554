import type { WorkspaceId } from '@/lib/protocol/ids';
import type { PrismaClient } from '../database/prisma';

/** Ids of the agents of which Parley has a turn under way. */
export async function runningAgents(prisma: PrismaClient, workspaceId: WorkspaceId): Promise<ReadonlySet<string>> {
  const turns = await prisma.turn.findMany({
    where: { workspaceId, state: 'started' },
    select: { agentId: true },
    distinct: ['agentId'],
  });
  return new Set(turns.map((turn) => turn.agentId));
}
