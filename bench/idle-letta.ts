/**
 * The other end of bench/idle.ts, in a process of its own: a Letta with many agents that do nothing, which counts what it
 * is asked. Told what to do over the channel to its parent.
 */
import { randomUUID } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { z } from 'zod';
import { createPool } from '@/lib/server/database/pool';
import { startSandbox } from '@/lib/server/letta/sandbox/start-sandbox';
import { createLog } from '@/lib/server/log';

const Order = z.discriminatedUnion('do', [
  /** Answers with the address, and the ids of so many agents. */
  z.object({ do: z.literal('start'), connectionString: z.string(), agents: z.number() }),
  /** Answers with how many requests came since it was last asked. */
  z.object({ do: z.literal('count') }),
]);
type Order = z.infer<typeof Order>;

const Made = z.looseObject({ id: z.string() });
let requests = 0;
subscribe('http.server.request.start', () => {
  requests += 1;
});

async function carryOut(order: Order): Promise<unknown> {
  if (order.do === 'count') {
    const counted = requests;
    requests = 0;
    return counted;
  }
  const log = createLog({ logLevel: 'error' });
  const pool = createPool(order.connectionString, log, 10, 'parley-bench-letta');
  const { url } = await startSandbox({ pool, workspaceId: randomUUID(), host: '127.0.0.1', log });
  const ids: string[] = [];
  for (let agent = 0; agent < order.agents; agent += 1) {
    const body = { name: `Idle ${agent}`, model: 'sandbox/companion', include_multi_agent_tools: true };
    const answer = await fetch(`${url}/v1/agents/`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`making an agent: ${answer.status} ${await answer.text()}`);
    ids.push(Made.parse(await answer.json()).id);
  }
  return { url, ids };
}

process.on('message', (message) => {
  carryOut(Order.parse(message)).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
