import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { isAppError } from '@/lib/protocol/errors';
import { TaskId } from '@/lib/protocol/ids';
import { automation } from '@/lib/protocol/person';
import type { Caller } from '../access/caller';
import type { Task as Job } from '../jobs';
import { createKey } from '../keys/create-key';
import { revokeKey } from '../keys/revoke-key';
import type { Runtime } from '../runtime';
import { runSimulatedAgent, type Wire } from './simulated-agent';

/** A key that a crash leaves behind is good for so long at most. */
const KEY_MS = 86_400_000;

/** `paceMs`: the pause after each report, where whoever made the task wishes another than the script's. */
const Payload = z.object({ taskId: TaskId, paceMs: z.number().optional() });

/**
 * The job that carries a task out by a script, as an agent would that runs elsewhere: over HTTP, with a key of its own
 * that is bound to this task and ends with it. One at a time for each task; after a restart it goes on where it was.
 */
export const simulateTask = (rt: Runtime): Job<typeof Payload> => ({
  name: 'task.simulate',
  payload: Payload,
  run: async ({ taskId, paceMs }, { signal }) => {
    const maker: Caller = {
      workspaceId: rt.workspaceId,
      actor: { kind: 'person', ...automation },
      role: 'admin',
      credential: { kind: 'admin-key', id: 'simulated-runner' },
      agentScope: null,
    };
    const name = `Simulated runner of ${taskId}`;
    const bound = { audience: 'agent' as const, agentIds: [], taskIds: [taskId] };
    const expiresAt = new Date(rt.clock.now().getTime() + KEY_MS).toISOString();
    const made = await createKey(rt, maker, { name, role: 'viewer', expiresAt, ...bound });
    try {
      await runSimulatedAgent(wireTo(rt.loopbackUrl, rt.access.seal.open(made.key), signal), taskId, {
        paceMs,
        signal,
      });
    } finally {
      await revokeKey(rt, maker, made.id).catch((error: unknown) => {
        if (!isAppError(error) || error.code !== 'key.not_found') throw error; // an admin was faster
      });
    }
  },
});

const wireTo = (url: string, key: string, signal: AbortSignal): Wire => ({
  ask: async (method, path, body) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const request = { method, headers, signal, ...(body && { body: JSON.stringify(body) }) };
    const response = await persistently(`${url}${path}`, request);
    return { status: response.status, body: await response.json() };
  },
});

const AGAIN_MS = 250;

/** As an agent does whose Parley is away: it asks again until it is answered or told to end. A repeat does no harm. */
async function persistently(url: string, request: RequestInit & { signal: AbortSignal }): Promise<Response> {
  for (;;) {
    try {
      // biome-ignore lint/style/noRestrictedGlobals: a client of the public protocol, on loopback, as any agent is
      return await fetch(url, request);
    } catch (error) {
      if (request.signal.aborted) throw error;
      await delay(AGAIN_MS, undefined, { signal: request.signal });
    }
  }
}
