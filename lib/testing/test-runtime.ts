import type { Caller } from '@/lib/server/access/caller';
import { createRuntime, type StartedRuntime } from '@/lib/server/create-runtime';
import { parseEnv } from '@/lib/server/env';
import { createLog } from '@/lib/server/log';
import type { Runtime } from '@/lib/server/runtime';
import { createTestDatabase, type TestDatabase } from './test-database';

export type TestRuntime = {
  rt: Runtime;
  database: TestDatabase;
  /** A person with the role of an admin. */
  ana: Caller;
  /** Ends this program in order and starts another one on what it left. */
  restart(): Promise<void>;
  /** The same, with `work` done on the database in between, while no program runs here. */
  meanwhile(work: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
};

/** The whole program but its pages, sockets and HTTP: jobs run, and the sandbox answers at once. */
export async function createTestRuntime(variables: Record<string, string> = {}): Promise<TestRuntime> {
  const database = await createTestDatabase(20);
  const env = parseEnv({ PARLEY_SANDBOX: 'on', PARLEY_SANDBOX_PACE_MS: '0', PARLEY_LOG_LEVEL: 'silent', ...variables });
  const start = async (): Promise<StartedRuntime> => {
    const started = await createRuntime({ env, url: 'http://127.0.0.1:3000', database, log: createLog(env) });
    await started.startWork();
    return started;
  };
  let started = await start();
  const test: TestRuntime = {
    rt: started.rt,
    database,
    ana: {
      workspaceId: started.rt.workspaceId,
      actor: { kind: 'person', id: 'ana', name: 'Ana' },
      role: 'admin',
      credential: { kind: 'session', id: 'ana' },
      agentScope: null,
    },
    restart: () => test.meanwhile(async () => undefined),
    meanwhile: async (work) => {
      await started.stop();
      await work();
      started = await start();
      test.rt = started.rt;
    },
    close: async () => {
      await started.stop();
      await database.drop();
    },
  };
  return test;
}
