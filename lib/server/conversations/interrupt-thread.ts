import { z } from 'zod';
import { AgentId, ServerName } from '@/lib/protocol/ids';
import type { Task } from '../jobs';
import type { Runtime } from '../runtime';

const Thread = z.object({ server: ServerName, agentId: AgentId, threadId: z.string().nullable() });

/** Ends what an agent is doing, and the call at which it stands, where nobody will answer it any more. */
export const interruptThread = (rt: Runtime): Task<typeof Thread> => ({
  name: 'thread.interrupt',
  payload: Thread,
  run: async ({ server, ...thread }) => {
    const { gateway } = rt.letta.require(server);
    const pending = await gateway.findPendingApproval(thread);
    if (pending) await gateway.interrupt(thread, pending.runId ?? undefined);
  },
});
