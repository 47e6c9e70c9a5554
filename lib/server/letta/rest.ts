import { z } from 'zod';
import type { Log } from '@/lib/server/log';
import type { Gateway } from './gateway';
import { changeAgent, createAgent, deleteAgent, findAgent, listAgents, listModels, setApproval } from './rest-agents';
import { createRestClient, type RestClient } from './rest-client';
import { findPendingInThread, listThread } from './rest-history';
import { interruptThread } from './rest-interrupt';
import { listNewestRuns } from './rest-newest-runs';
import { findEngineRun, listApprovalRuns, listRunsSince } from './rest-runs';
import { sendInput } from './rest-send';
import { createTail } from './rest-tail';
import { listThreads } from './rest-threads';

export type RestGatewayOptions = {
  /** Address of the server, with or without `/v1`. */
  baseUrl: string;
  apiKey?: string | null | undefined;
  log: Log;
  /** How long an answer, or the next frame of a stream, may take; longer than the 60 s that the server can stall. */
  timeoutMs?: number;
  /** Aborted where no answer is waited for any more; what is sent goes by its own signal. */
  hangUp?: AbortSignal | undefined;
};

const TIMEOUT_MS = 90_000;

/**
 * The adapter for the REST dialect: Letta Cloud, the last V1 servers (checked with 0.16.8), and the sandbox.
 * It keeps nothing but what spares questions, and repeats no request that has an effect.
 */
export function createRestGateway(options: RestGatewayOptions): Gateway {
  const client = createRestClient({ ...options, timeoutMs: options.timeoutMs ?? TIMEOUT_MS });
  const tail = createTail(client);
  return {
    dialect: 'rest',
    // Letta 0.16.8 forks a thread only where it ends, and streams only the runs that were started to be followed.
    capabilities: { canEditArguments: false, canFork: false, canFollowForeignRuns: false },
    check: (signal) => check(client, signal),
    listModels: () => listModels(client),
    listAgents: () => listAgents(client),
    findAgent: (agentId) => findAgent(client, agentId),
    findAgentsByTag: (tag) => listAgents(client, tag),
    createAgent: (spec) => createAgent(client, spec),
    changeAgent: (agentId, change) => changeAgent(client, agentId, change),
    deleteAgent: (agentId) => deleteAgent(client, agentId),
    setApproval: (agentId, tool, required) => setApproval(client, agentId, tool, required),
    send: (thread, input, { signal } = {}) =>
      sendInput(client, thread, input, { signal, onRun: (runId) => tail.learn(runId, thread) }),
    interrupt: (thread, runId) => interruptThread(client, thread, runId),
    listMessages: (thread, page) => listThread(client, thread, page),
    tail: (after, limit) => tail.read(after, limit),
    listApprovalRuns: (limit) => listApprovalRuns(client, limit),
    findPendingApproval: (thread) => findPendingInThread(client, thread),
    listThreads: (agentId) => listThreads(client, agentId),
    listNewestRuns: (agentId, limit) => listNewestRuns(client, agentId, limit),
    findRun: (runId) => findEngineRun(client, runId),
    listRuns: (agentId, since) => listRunsSince(client, agentId, since),
  };
}

/** Health is open to everybody, so a second request finds out whether the key is good. */
async function check(client: RestClient, signal: AbortSignal | undefined): Promise<{ version: string | null }> {
  const Health = z.looseObject({ version: z.string().nullish() });
  const Runs = z.array(z.unknown());
  const { version } = await client.read(Health, (options) => client.letta.health(options), { signal });
  await client.read(Runs, async (options) => (await client.letta.runs.list({ limit: 1 }, options)).items, { signal });
  return { version: version ?? null };
}
