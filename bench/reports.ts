/**
 * `npm run bench reports`: durable reports of 64 agents over REST and over Socket.IO, with everything on, beside a bare
 * HTTP and a bare Socket.IO server that insert one row each into the same database.
 */
import { createServer, type Server as HttpServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Server } from 'socket.io';
import { z } from 'zod';
import { automation } from '@/lib/protocol/person';
import { NewTask } from '@/lib/protocol/task';
import type { Caller } from '@/lib/server/access/caller';
import { createKey } from '@/lib/server/keys/create-key';
import type { Queryable } from '@/lib/server/ledger/command';
import { createTask } from '@/lib/server/tasks/create-task';
import { receiveReport } from '@/lib/server/tasks/receive-report';
import { type Figure, printFigures } from './harness/figure';
import { describeMachine } from './harness/machine';
import { percentile } from './harness/percentile';
import { startBenchProgram } from './harness/start-program';
import { startWorker } from './harness/worker';

const AGENTS = 64;
const ROUND_MS = 5_000;
const ROUNDS = 3;
const GOAL = 0.8;
const Measured = z.object({ latencies: z.array(z.number()), tookMs: z.number() });
type Measured = z.infer<typeof Measured>;
type Agent = { url: string; taskId: string; token: string };

const { rt, url, stop } = await startBenchProgram();
rt.access.limits.configure({ signInPerMinute: 1_000, writesPerSecond: 1_000_000, writeBurst: 1_000_000 });
const { pool } = rt.database;
const ana: Caller = {
  workspaceId: rt.workspaceId,
  actor: { kind: 'person', ...automation },
  role: 'admin',
  credential: { kind: 'admin-key', id: 'bench' },
  agentScope: null,
};

/** A task that has begun, and a key that is bound to it alone. */
async function makeAgent(): Promise<Omit<Agent, 'url'>> {
  const task = await createTask(rt, ana, NewTask.parse({ command: '/bench' }));
  const bound = { audience: 'agent' as const, agentIds: [], taskIds: [task.id] };
  const key = await createKey(rt, ana, { name: 'bench', role: 'viewer', ...bound });
  const word = { type: 'INITIALIZATION', timestamp: new Date().toISOString(), agent_id: 'a', command: '/bench' };
  await receiveReport(rt, ana, task.id, word);
  return { taskId: task.id, token: rt.access.seal.open(key.key) };
}

const insert = (db: Queryable, report: unknown) =>
  db.query('INSERT INTO bare_report (body) VALUES ($1)', [JSON.stringify(report)]);

const listen = async (server: HttpServer): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('not listening');
  return `http://127.0.0.1:${address.port}`;
};

/** Parses, inserts one row, answers: what anybody would begin with. */
const bareHttp = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    insert(pool, JSON.parse(Buffer.concat(chunks).toString())).then(
      () => response.writeHead(201, { 'content-type': 'application/json' }).end('{"ok":true}'),
      () => response.writeHead(500).end(),
    );
  });
});

const bareSocketHttp = createServer();
const bareSockets = new Server(bareSocketHttp, { transports: ['websocket'] });
bareSockets.on('connection', (socket) => {
  socket.on('message', ({ message }: { message: unknown }, ack: (answer: object) => void) => {
    insert(pool, message).then(
      () => ack({ ok: true }),
      () => ack({ ok: false }),
    );
  });
});

async function measure(): Promise<Figure[]> {
  await pool.query(
    'CREATE TABLE bare_report (id bigserial PRIMARY KEY, body text NOT NULL, at timestamptz DEFAULT now())',
  );
  const made = await Promise.all(Array.from({ length: AGENTS }, makeAgent));
  const [bareRest, bareSocket] = [await listen(bareHttp), await listen(bareSocketHttp)];
  const at = (urlOf: (taskId: string) => string): Agent[] =>
    made.map((agent) => ({ ...agent, url: urlOf(agent.taskId) }));
  const worker = startWorker(fileURLToPath(new URL('./report-agents.ts', import.meta.url)));
  const ask = (by: 'rest' | 'socket', agents: Agent[]) => worker.ask({ by, agents, forMs: ROUND_MS }, Measured);
  const targets = {
    rest: { ours: at((taskId) => `${url}/api/tasks/${taskId}/reports`), bare: at(() => `${bareRest}/`) },
    socket: { ours: at(() => `${url}/agent`), bare: at(() => bareSocket) },
  };
  const figures: Figure[] = [];
  for (const by of ['rest', 'socket'] as const) {
    const measured: Record<'ours' | 'bare', Measured[]> = { ours: [], bare: [] };
    for (const which of ['bare', 'ours'] as const) await ask(by, targets[by][which]); // warms up
    for (let round = 0; round < ROUNDS; round += 1) {
      // In turns, so that what else the machine does is shared by both.
      for (const which of ['bare', 'ours'] as const) measured[which].push(await ask(by, targets[by][which]));
    }
    figures.push(...figuresOf(by, measured));
  }
  await worker.stop();
  return figures;
}

function figuresOf(by: string, { ours, bare }: Record<'ours' | 'bare', Measured[]>): Figure[] {
  const rate = (rounds: Measured[]) =>
    percentile(
      rounds.map(({ latencies, tookMs }) => (latencies.length * 1_000) / tookMs),
      0.5,
    );
  const p99 = (rounds: Measured[]) =>
    percentile(
      rounds.flatMap(({ latencies }) => latencies),
      0.99,
    );
  const [our, base] = [rate(ours), rate(bare)];
  return [
    {
      metric: `${AGENTS} agents over ${by}`,
      unit: 'reports/s',
      ours: our,
      baseline: base,
      goal: `≥ ${GOAL} × bare`,
      holds: our >= GOAL * base,
    },
    {
      metric: `ack p99 over ${by}`,
      unit: 'ms',
      ours: p99(ours),
      baseline: p99(bare),
      goal: '≤ 500 ms',
      holds: p99(ours) <= 500,
    },
  ];
}

try {
  console.log(await describeMachine(pool));
  printFigures('reports', await measure());
} finally {
  await bareSockets.close();
  bareHttp.close();
  bareHttp.closeAllConnections();
  await stop();
}
