import { once, setMaxListeners } from 'node:events';
import type { Server } from 'node:http';
import type { Pool } from 'pg';
import { type Clock, systemClock } from '@/lib/server/clock';
import type { Log } from '@/lib/server/log';
import { agentRoutes } from './agent-routes';
import { requireAgent } from './agent-store';
import { blockRoutes } from './block-routes';
import { checkShapes } from './check-shapes';
import { conversationRoutes } from './conversation-routes';
import { createLettaServer } from './letta-http';
import { messageRoutes } from './message-routes';
import { listWireModels } from './model-catalogue';
import { paceOf } from './pace';
import type { Route } from './route';
import { runRoutes } from './run-routes';
import { LETTA_VERSION, type Sandbox } from './sandbox-context';
import { sendBlocking } from './send-blocking';
import { SendRequest } from './send-request';
import { builtInTools } from './tool-catalogue';
import { toolRoutes } from './tool-routes';
import { upsertTool } from './tool-store';

export type SandboxOptions = {
  pool: Pool;
  /** Whose agents this instance serves; never taken from a request. */
  workspaceId: string;
  host: '127.0.0.1';
  /** 0, the default, takes a free one. */
  port?: number;
  log: Pick<Log, 'info' | 'warn' | 'error'>;
  clock?: Clock;
  /** Milliseconds between two pieces of what an agent says; `instant` for tests: no timers at all. */
  paceMs?: number | 'instant';
};

export type RunningSandbox = {
  /** Base address for a client, such as `http://127.0.0.1:8283`. */
  url: string;
  /**
   * Stops at once, as a kill would: turns that run leave nothing but a run that stays active for ever, connections are
   * cut. Resolves when nothing uses the pool any more.
   */
  stop(): Promise<void>;
};

const routes: Route[] = [
  { method: 'GET', path: '/v1/health', handle: async () => ({ version: LETTA_VERSION, status: 'ok' }) },
  { method: 'GET', path: '/v1/models', handle: async () => listWireModels() },
  { method: 'GET', path: '/v1/models/embedding', handle: async () => [] },
  ...agentRoutes,
  ...messageRoutes,
  ...runRoutes,
  ...blockRoutes,
  ...toolRoutes,
  ...conversationRoutes,
];

/** Delivers as the messaging tools do: a system message to the default thread, waiting for the turn to end. */
async function deliver(sandbox: Sandbox, agentId: string, text: string) {
  checkShapes({ agentId });
  const request = SendRequest.parse({ messages: [{ role: 'system', content: text }] });
  const agent = await requireAgent(sandbox, agentId);
  return (await sendBlocking(sandbox, { agent, conversation: null, request })).messages;
}

async function listen(server: Server, host: string, port: number): Promise<string> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the sandbox did not get a TCP address');
  return `http://${host}:${address.port}`;
}

/**
 * Starts a small Letta-shaped server with simulated agents: the REST dialect of Letta 0.16.8 over HTTP on loopback, as
 * `@letta-ai/letta-client` speaks it, surprises included. Its state is in the schema `sandbox` of the database, so that
 * it survives restarts and any instance on that database serves it.
 *
 * It behaves like a server WITHOUT Redis: no background streams, no locks. As there, the agent route takes two turns of
 * one thread at once, and one of them is then missing from the context; nothing is refused with 409 but what is said
 * while an approval is pending. Deliberate differences: `+sandbox` in the version, only tools that work here, custom
 * tools are never run, the
 * listing is in the order of commits, and requests that came by another name than the loopback's are refused.
 */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const clock = options.clock ?? systemClock;
  const { pool, workspaceId, log } = options;
  const pace = paceOf(options.paceMs);
  const work = new Set<Promise<void>>();
  const sandbox: Sandbox = {
    ...{ pool, workspaceId, clock, log, pace, work },
    url: '',
    stopping: stopping.signal,
    deliver: (agentId, text) => deliver(sandbox, agentId, text),
  };
  for (const tool of builtInTools) await upsertTool(sandbox, tool);
  const server = createLettaServer(() => sandbox, routes);
  sandbox.url = await listen(server, options.host, options.port ?? 0);
  log.info({ url: sandbox.url }, 'sandbox: started; its agents are simulated');
  return {
    url: sandbox.url,
    stop: async () => {
      stopping.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await Promise.all([closed, ...work]);
    },
  };
}
