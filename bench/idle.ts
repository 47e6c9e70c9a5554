/**
 * What do agents cost that do nothing? 500 of them on a connected Letta, 50 of those in conversations that somebody
 * watches: memory beside that of bare Socket.IO connections, processor time, and how often Letta is asked.
 * Letta and the watchers live in processes of their own.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Server } from 'socket.io';
import { z } from 'zod';
import { system } from '@/lib/protocol/actor';
import { OpenConversation } from '@/lib/protocol/conversation';
import { AddLettaServer } from '@/lib/protocol/letta-server';
import { conversationStream } from '@/lib/protocol/stream';
import type { Caller } from '@/lib/server/access/caller';
import { openConversation } from '@/lib/server/conversations/open-conversation';
import { attachSockets } from '@/lib/server/sockets';
import { type Figure, printFigures } from './harness/figure';
import { monotonicMs } from './harness/monotonic-ms';
import { listenSomewhere, startBenchRuntime } from './harness/start-runtime';
import { startWorker } from './harness/worker';

const AGENTS = 500;
const WATCHED = 50;
const SETTLE_MS = 5_000;
const IDLE_MS = 30_000;
const KB = 1_000;
const PERCENT_OF_A_CORE = 0.1; // of a millisecond a second

const program = (name: string) => fileURLToPath(new URL(name, import.meta.url));
setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Bytes that are in use once all that can go has gone. */
function inUse(): number {
  for (let round = 0; round < 3; round += 1) collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const { rt, adminKey, startWork, stop } = await startBenchRuntime();
const letta = startWorker(program('./idle-letta.ts'));
const watchers = startWorker(program('./live-clients.ts'));
const ours = await listenSomewhere();
const sockets = attachSockets(ours.server, rt);
const bare = await listenSomewhere();
const echo = new Server(bare.server);
const connect = { do: 'connect', token: adminKey, count: 1 };

/** Kilobytes that each of so many bare connections holds. */
async function bareConnectionKb(): Promise<number> {
  await watchers.ask({ ...connect, url: bare.url }, z.number()); // what the first one loads is no cost of each
  const before = inUse();
  await watchers.ask({ ...connect, url: bare.url, count: WATCHED }, z.number());
  await delay(SETTLE_MS);
  return (inUse() - before) / WATCHED / KB;
}

/** Two of the agents at a time are seated, and somebody watches their conversation. */
async function watchTwo(agentIds: readonly string[]): Promise<void> {
  const caller: Caller = {
    ...{ workspaceId: rt.workspaceId, actor: system, role: 'admin', agentScope: null },
    credential: { kind: 'admin-key', id: 'bench' },
  };
  const seats = agentIds.map((agentId) => ({ agentId }));
  const { id } = await openConversation(rt, caller, OpenConversation.parse({ seats }));
  await watchers.ask({ ...connect, url: ours.url, stream: conversationStream(id) }, z.number());
}

async function measure(): Promise<Figure[]> {
  const bareKb = await bareConnectionKb();
  const order = { do: 'start', connectionString: rt.database.connectionString, agents: AGENTS };
  const { url, ids } = await letta.ask(order, z.object({ url: z.string(), ids: z.array(z.string()) }));
  await rt.letta.add(system, AddLettaServer.parse({ name: 'idle', dialect: 'rest', url }));
  await startWork();
  await watchTwo(ids.slice(WATCHED, WATCHED + 2)); // all that is loaded once is loaded now
  await delay(SETTLE_MS);
  const before = inUse();
  for (let first = 0; first < WATCHED; first += 2) await watchTwo(ids.slice(first, first + 2));
  await delay(SETTLE_MS);
  const watchedKb = (inUse() - before) / WATCHED / KB;
  await letta.ask({ do: 'count' }, z.number());
  const [used, began] = [process.cpuUsage(), monotonicMs()];
  await delay(IDLE_MS);
  const { user, system: kernel } = process.cpuUsage(used);
  const seconds = (monotonicMs() - began) / 1_000;
  const busy = ((user + kernel) / 1_000 / seconds) * PERCENT_OF_A_CORE;
  const perSecond = (await letta.ask({ do: 'count' }, z.number())) / seconds;
  const absolute = (metric: string, unit: string, value: number, goal: string, holds: boolean): Figure => ({
    ...{ metric, unit, ours: value, baseline: null, goal, holds },
  });
  return [
    {
      ...{ metric: 'memory a watched idle agent', unit: 'KB', ours: watchedKb, baseline: bareKb },
      ...{ goal: '≤ 100 KB (baseline: a bare connection)', holds: watchedKb <= 100 },
    },
    absolute('processor while idle', '% of a core', busy, '≤ 3 %', busy <= 3),
    absolute('requests to Letta', 'a second', perSecond, '< 5', perSecond < 5),
  ];
}

try {
  printFigures('idle', await measure());
} finally {
  await watchers.stop();
  await sockets.close();
  await echo.close();
  ours.server.closeAllConnections();
  ours.server.close();
  await stop();
  await letta.stop();
}
