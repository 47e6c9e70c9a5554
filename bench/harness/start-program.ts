import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSignInLink } from '@/lib/server/access/make-sign-in-link';
import { buildPages } from '@/lib/server/boot/build-pages';
import { generatePrisma } from '@/lib/server/boot/generate-prisma';
import { listen } from '@/lib/server/boot/listen';
import { projectRoot } from '@/lib/server/boot/project-root';
import { createRuntime } from '@/lib/server/create-runtime';
import { openDatabase } from '@/lib/server/database/database';
import { migrate } from '@/lib/server/database/migrate';
import { parseEnv, setNodeEnv } from '@/lib/server/env';
import { answerDirectly } from '@/lib/server/http/answer-directly';
import { createLog } from '@/lib/server/log';
import { putRuntime, type Runtime } from '@/lib/server/runtime';
import { attachSockets } from '@/lib/server/sockets';
import { agentEndpoints } from '@/lib/server/tasks/agent-endpoints';

export type BenchProgram = { rt: Runtime; url: string; adminKey: string; signInUrl: string; stop(): Promise<void> };

/**
 * The program with the pages as they were built, in this process, so that a benchmark writes to its ledger and knows when
 * it was committed. Nothing acts by itself, no jobs, no Letta, unless `working`: then the sandbox is on, at pace zero. Once
 * in a process.
 */
export async function startBenchProgram({ working = false } = {}): Promise<BenchProgram> {
  setNodeEnv('production');
  await generatePrisma(projectRoot());
  await buildPages(projectRoot());
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  const adminKey = randomBytes(24).toString('base64url');
  const env = parseEnv({
    PORT: '0',
    PARLEY_DATA_DIR: dataDir,
    PARLEY_ADMIN_KEY: adminKey,
    PARLEY_SANDBOX: working ? 'on' : 'off',
    PARLEY_SANDBOX_PACE_MS: '0',
    PARLEY_LOG_LEVEL: 'error',
  });
  const log = createLog(env);
  const { server, url, serve } = await listen(env, log, { development: false });
  const database = await openDatabase({ env, log });
  await migrate(database.pool);
  const started = await createRuntime({ env, url, database, log });
  putRuntime(started.rt);
  const { default: next } = await import('next'); // it decides by NODE_ENV while it loads
  const app = next({ dev: false, dir: projectRoot(), httpServer: server, hostname: env.host, port: env.port });
  await app.prepare();
  process.removeAllListeners('uncaughtException'); // Next's would let a benchmark that failed end as if it had not
  const direct = answerDirectly(started.rt, agentEndpoints);
  const handle = app.getRequestHandler();
  serve(async (req, res) => {
    if (!direct(req, res)) await handle(req, res);
  });
  const sockets = attachSockets(server, started.rt);
  if (working) await started.startWork();
  return {
    rt: started.rt,
    url,
    adminKey,
    signInUrl: await makeSignInLink(started.rt),
    async stop() {
      await sockets.close();
      server.closeAllConnections();
      server.close();
      await app.close();
      await started.stop();
      await database.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
