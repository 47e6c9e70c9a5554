import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatePrisma } from '@/lib/server/boot/generate-prisma';
import { projectRoot } from '@/lib/server/boot/project-root';
import { createRuntime } from '@/lib/server/create-runtime';
import { openDatabase } from '@/lib/server/database/database';
import { migrate } from '@/lib/server/database/migrate';
import { parseEnv } from '@/lib/server/env';
import { createLog } from '@/lib/server/log';
import type { Runtime } from '@/lib/server/runtime';

export type BenchRuntime = {
  rt: Runtime;
  adminKey: string;
  /** Jobs, deadlines and the look-out for what agents do unasked; without it nothing acts by itself. */
  startWork(): Promise<void>;
  stop(): Promise<void>;
};

/** The program without its pages, on an embedded PostgreSQL of its own with its usual, durable settings. */
export async function startBenchRuntime(): Promise<BenchRuntime> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  const adminKey = randomBytes(24).toString('base64url');
  const env = parseEnv({
    PARLEY_DATA_DIR: dataDir,
    PARLEY_ADMIN_KEY: adminKey,
    PARLEY_SANDBOX: 'off',
    PARLEY_LOG_LEVEL: 'error',
  });
  const log = createLog(env);
  await generatePrisma(projectRoot());
  const database = await openDatabase({ env, log });
  await migrate(database.pool);
  const started = await createRuntime({ env, url: 'http://127.0.0.1', database, log });
  return {
    rt: started.rt,
    adminKey,
    startWork: started.startWork,
    async stop() {
      await started.stop();
      await database.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** An HTTP server on a free port of loopback, and its address. */
export async function listenSomewhere() {
  const server = createServer((_request, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('not listening');
  return { server, url: `http://127.0.0.1:${address.port}` };
}
