import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase } from '../database/database';
import { migrate } from '../database/migrate';
import type { Env } from '../env';
import { createFailpoint } from '../failpoint';
import { announce, createLog, type Log } from '../log';
import { isBootError } from './boot-error';
import { type Listening, listen } from './listen';
import type { Stops } from './serve-parley';

/** After this long a stop is not waited for any more. */
const STOP_MS = 20_000;
/** Ctrl-C reaches the program twice: from the terminal, and passed on by npm. */
const ECHO_MS = 1_000;
/** Requests under way when the program is asked to stop may take this long. */
const REQUESTS_MS = 5_000;
/** A database that is only being opened may take this long to be there; then its own watcher ends it. */
const OPENING_MS = 5_000;
/** How often connections whose last request has been answered are closed meanwhile. */
const SWEEP_MS = 20;

/** Starts everything in order, and stops it in the reverse one on SIGINT and SIGTERM, also half way. */
export async function startParley({ env, development }: { env: Env; development: boolean }): Promise<void> {
  const log = createLog(env);
  // graphile-worker leaves promises behind when the database goes away under it; that must not end the program.
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'a promise failed that nobody waits for'));
  const stops: Stops = [];
  const isStopping = stopOnSignals(stops, log);
  try {
    await start(env, development, log, stops);
  } catch (error) {
    if (isStopping()) return; // It fails because what it needs is being stopped.
    if (isBootError(error)) announce(error.message);
    else log.fatal({ err: error }, 'Parley could not start');
    await stopAll(stops, log);
    process.exit(1);
  }
}

/** The first signal stops everything in order; whoever insists later ends it at once. Nothing is lost either way. */
function stopOnSignals(stops: Stops, log: Log): () => boolean {
  let stoppingSince: number | null = null;
  const onSignal = (signal: NodeJS.Signals) => {
    const now = performance.now();
    if (stoppingSince === null) {
      stoppingSince = now;
      void stopOn(signal, stops, log);
    } else if (now - stoppingSince > ECHO_MS) {
      log.warn({ signal }, 'asked again to stop; ending at once');
      process.exit(1);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  return () => stoppingSince !== null;
}

async function start(env: Env, development: boolean, log: Log, stops: Stops): Promise<void> {
  const listening = await listen(env, log, { development });
  stops.unshift({ what: 'http', stop: () => closeServer(listening.server) });
  const { promise: busy, resolve: onBusy } = Promise.withResolvers<void>();
  const opening = openDatabase({ env, log, onBusy });
  stops.push({ what: 'database', stop: () => stopOpening(opening) });
  // The larger half of the program is loaded, and Next made ready, while PostgreSQL, in processes of its own, is made and
  // started. Not before: loading keeps this process from starting them, half a second in which the other core would idle.
  const loading = busy.then(() => loadProgram({ env, development, listening }));
  loading.catch(() => undefined); // told below, where it is awaited
  const database = await opening;
  await migrate(database.pool, undefined, createFailpoint(env.failpoint));
  const { serveParley, pages } = await loading;
  await serveParley(pages, { env, development, log, listening, database, stops });
}

/** Also half way: a PostgreSQL of ours that is only coming up is waited for, and then stopped as any other. */
async function stopOpening(opening: ReturnType<typeof openDatabase>): Promise<void> {
  const giveUp = new AbortController();
  const patience = delay(OPENING_MS, null, { signal: giveUp.signal }).catch(() => null);
  const database = await Promise.race([opening.catch(() => null), patience]); // why it failed is told where it is awaited
  giveUp.abort();
  await database?.stop();
}

async function loadProgram(options: { env: Env; development: boolean; listening: Listening }) {
  const { preparePages, serveParley } = await import('./serve-parley');
  return { serveParley, pages: await preparePages(options) };
}

/** Takes no more connections, lets requests under way end, and then cuts what is left. */
function closeServer(server: Server): Promise<void> {
  // A client that keeps asking on a connection it has would otherwise hold it open to the end, and be cut in the middle.
  server.prependListener('request', (_req, res) => res.setHeader('Connection', 'close'));
  return new Promise((resolve) => {
    const cutting = setTimeout(() => server.closeAllConnections(), REQUESTS_MS);
    const sweeping = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    server.close(() => {
      clearTimeout(cutting);
      clearInterval(sweeping);
      resolve();
    });
  });
}

async function stopAll(stops: Stops, log: Log): Promise<boolean> {
  let isClean = true;
  for (const { what, stop } of stops.splice(0)) {
    try {
      await stop();
    } catch (error) {
      isClean = false;
      log.error({ err: error, what }, 'a part of Parley did not stop as it should');
    }
  }
  return isClean;
}

async function stopOn(signal: NodeJS.Signals, stops: Stops, log: Log): Promise<void> {
  log.info({ signal }, 'Parley is stopping');
  const impatient = setTimeout(() => {
    log.error('stopping took too long');
    process.exit(1);
  }, STOP_MS);
  const isClean = await stopAll(stops, log);
  clearTimeout(impatient);
  process.exit(isClean ? 0 : 1);
}
