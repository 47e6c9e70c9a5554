import next from 'next';
import { makeSignInLink } from '../access/make-sign-in-link';
import { createRuntime, type StartedRuntime } from '../create-runtime';
import type { Database } from '../database/database';
import { startDemoOnce } from '../demo/start-demo';
import type { Env } from '../env';
import { answerDirectly } from '../http/answer-directly';
import { checkPageKey } from '../http/check-page-key';
import { announce, type Log } from '../log';
import { putRuntime, type Runtime } from '../runtime';
import { attachSockets } from '../sockets';
import { agentEndpoints } from '../tasks/agent-endpoints';
import { type Listening, refuse } from './listen';

/** What is to be stopped, in this order; whoever starts something puts it where its turn is. */
export type Stops = { what: string; stop: () => Promise<unknown> }[];

type Serving = {
  env: Env;
  development: boolean;
  log: Log;
  listening: Listening;
  /** Open and migrated. */
  database: Database;
  stops: Stops;
};

type Pages = ReturnType<typeof next>;

/** Whoever asked first is answered before the program is kept busy with loading what a sign-in needs. */
const LOAD_AFTER_MS = 1_000;

/** Has Next made ready. It asks nothing of the database, and no request reaches it before `serveParley` is done. */
export async function preparePages({
  env,
  development,
  listening,
}: Pick<Serving, 'env' | 'development' | 'listening'>): Promise<Pages> {
  const { host: hostname, port } = env;
  const pages = next({ dev: development, dir: process.cwd(), httpServer: listening.server, hostname, port });
  await pages.prepare();
  return pages;
}

/** Starts what stands on the database, in order: runtime, pages, sockets, work; then answers requests. */
export async function serveParley(pages: Pages, serving: Serving): Promise<void> {
  const { env, development, log, listening, database, stops } = serving;
  const { server, url, loopbackUrl, serve } = listening;
  const started: StartedRuntime = await createRuntime({ env, url, loopbackUrl, database, log });
  stops.splice(1, 0, { what: 'runtime', stop: started.stop });
  putRuntime(started.rt);

  stops.splice(1, 0, { what: 'pages', stop: () => pages.close() });
  const handle = pages.getRequestHandler();
  const sockets = attachSockets(server, started.rt);
  stops.unshift({ what: 'sockets', stop: () => sockets.close() });
  stops.unshift({ what: 'answers that last', stop: async () => started.beginStop() });
  await started.startWork();

  announce(`Parley is ready at ${url}`);
  announce(`Sign in: ${await makeSignInLink(started.rt)}`);
  // In development Next answers everything, with the code as it was changed last.
  const direct = answerDirectly(started.rt, development ? {} : agentEndpoints);
  serve(async (req, res) => {
    if (direct(req, res)) return;
    const checked = await checkPageKey(req, started.rt.access);
    if (checked.ok) await handle(req, res);
    else refuse(res, checked);
  });
  const loading = setTimeout(() => void loadRest(started.rt), LOAD_AFTER_MS);
  stops.unshift({ what: 'what is loaded later', stop: async () => clearTimeout(loading) });
  const demo = startDemoOnce(started.rt).catch((error: unknown) =>
    log.warn({ err: error }, 'the walk-through could not be played'),
  );
  stops.unshift({ what: 'walk-through', stop: () => demo }); // opened, it is played by jobs
}

const loadRest = (rt: Runtime): Promise<void> =>
  rt.access.browser.load().catch((err: unknown) => rt.log.error({ err }, 'what a sign-in needs could not be loaded'));
