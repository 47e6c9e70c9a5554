/**
 * The other end of bench/reports.ts, in a process of its own: agents that each send one report after another and note how
 * long the answer takes. Told what to do over the channel to its parent.
 */
import { io, type Socket } from 'socket.io-client';
import { z } from 'zod';
import { monotonicMs } from './harness/monotonic-ms';

const Order = z.object({
  by: z.enum(['rest', 'socket']),
  /** Where each agent reports: the address of its task, or of the bare server. */
  agents: z.array(z.object({ url: z.string(), taskId: z.string(), token: z.string() })),
  forMs: z.number(),
});
type Order = z.infer<typeof Order>;
type Agent = Order['agents'][number];

let said = 0;
const report = () => {
  said += 1;
  return {
    type: 'PROGRESS_UPDATE',
    timestamp: new Date().toISOString(),
    agent_id: 'a',
    status: 'IN_PROGRESS',
    progress_percentage: said % 100,
    current_action: `Reading command registry file ${said}`,
    tools_active: ['Read', 'Grep'],
    milestones_completed: ['Registry analysis', 'Pattern identification'],
    next_milestone: 'Documentation generation',
  };
};

async function post({ url, token }: Agent): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(report()) });
  const text = await response.text();
  if (response.status !== 201) throw new Error(`answered ${response.status}: ${text}`);
}

async function open({ url, token }: Agent): Promise<Socket> {
  const socket = io(url, { forceNew: true, transports: ['websocket'], auth: { token } });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

/** Sends until the time is over; resolves with the latencies of all agents together, in milliseconds. */
async function carryOut({ by, agents, forMs }: Order): Promise<{ latencies: number[]; tookMs: number }> {
  const sockets = by === 'socket' ? await Promise.all(agents.map(open)) : [];
  const from = monotonicMs();
  const each = await Promise.all(
    agents.map(async (agent, index) => {
      const latencies: number[] = [];
      const socket = sockets[index];
      while (monotonicMs() - from < forMs) {
        const began = monotonicMs();
        if (socket) {
          const ack: unknown = await socket.emitWithAck('message', { taskId: agent.taskId, message: report() });
          z.object({ ok: z.literal(true) }).parse(ack);
        } else await post(agent);
        latencies.push(monotonicMs() - began);
      }
      return latencies;
    }),
  );
  const tookMs = monotonicMs() - from;
  for (const socket of sockets) socket.disconnect();
  return { latencies: each.flat(), tookMs };
}

process.on('message', (message) => {
  carryOut(Order.parse(message)).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
