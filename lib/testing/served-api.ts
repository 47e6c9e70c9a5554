import type { Role } from '@/lib/protocol/role';
import { makeSignInLink } from '@/lib/server/access/make-sign-in-link';
import { putRuntime } from '@/lib/server/runtime';
import { ADMIN_KEY } from './access-runtime';
import { apiRoutes } from './api-routes';
import { serveRoutes } from './serve-routes';
import { createTestRuntime, type TestRuntime } from './test-runtime';
import { browser, program, type Visitor } from './visitor';

export type ServedApi = {
  url: string;
  t: TestRuntime;
  /** A bearer key of each role, and one for an agent; and programs that have them. */
  keys: Record<Role | 'agent', string>;
  by: Record<Role | 'agent', Visitor>;
  /** Lets everybody write as much as they like. */
  liftLimits(): void;
  /** A browser in which the first person, an admin, is signed in. */
  ada: Visitor;
  close(): Promise<void>;
};

const UNLIMITED = { signInPerMinute: 1_000_000, writesPerSecond: 1_000_000, writeBurst: 1_000_000 };

/** Every route of the program over real HTTP on loopback, behind the guard, on the whole runtime with its sandbox. */
export async function serveApi(): Promise<ServedApi> {
  const t = await createTestRuntime({ PARLEY_ADMIN_KEY: ADMIN_KEY });
  const liftLimits = () => t.rt.access.limits.configure(UNLIMITED);
  liftLimits();
  const takeAway = putRuntime(t.rt);
  const served = await serveRoutes(await apiRoutes(), { publicUrl: null, trustedProxies: 0 });
  t.rt.loopbackUrl = served.url;
  const makeKey = async (input: object) => {
    const made = await program(served.url).ask('POST', '/api/keys', { name: 'test', ...input });
    return String(made.body['key']);
  };
  const keys = {
    viewer: await makeKey({ role: 'viewer' }),
    reviewer: await makeKey({ role: 'reviewer' }),
    operator: await makeKey({ role: 'operator' }),
    admin: ADMIN_KEY,
    agent: await makeKey({ role: 'admin', audience: 'agent', agentIds: ['agent-1'] }),
  };
  const ada = browser(served.url);
  const token = new URL(await makeSignInLink(t.rt)).searchParams.get('token');
  await ada.ask('POST', '/api/sign-in', { token, name: 'Ada' });
  return {
    url: served.url,
    t,
    keys,
    by: {
      viewer: program(served.url, keys.viewer),
      reviewer: program(served.url, keys.reviewer),
      operator: program(served.url, keys.operator),
      admin: program(served.url, keys.admin),
      agent: program(served.url, keys.agent),
    },
    ada,
    liftLimits,
    close: async () => {
      await served.close();
      takeAway();
      await t.close();
    },
  };
}

/** The path of an operation with something of the right shape for each parameter, unless `values` has it. */
export function fillPath(path: string, values: Readonly<Record<string, string>> = {}): string {
  const somewhere: Record<string, string> = {
    server: 'nowhere',
    metric: 'acknowledgement',
    seat: 'a',
    agentId: 'agent-00000000-0000-4000-8000-000000000000',
  };
  const filled = (name: string) => values[name] ?? somewhere[name] ?? '00000000-0000-4000-8000-000000000000';
  return path.replaceAll(/\[(\w+)\]/g, (_, name: string) => encodeURIComponent(filled(name)));
}
