import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { freePort } from './free-port';
import { installLetta, type LettaInstallation } from './install-letta';
import { pollUntil } from './poll-until';
import { type ScriptedModel, startScriptedModel } from './scripted-model';
import { startPostgres } from './start-postgres';
import { type RunningProcess, startProcess } from './start-process';

export type RealLetta = {
  url: string;
  model: ScriptedModel;
  /** Of what runs first, for those who measure; the scripted model lives in this process. */
  pids: number[];
  /** Ends the server at once, as a crash would; its database and Redis go on. */
  crash(): Promise<void>;
  /** Starts the server again after a crash, at the same address, and resolves when it is well. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

type Options = {
  log: (line: string) => void;
  cacheDir?: string;
  /** Starts it with `--secure`: then it answers only to this bearer token. */
  password?: string;
  /** Without Redis: no background streams and no lock on a thread. */
  redis?: boolean;
};

const START_MS = 180_000;

/**
 * Starts the real Letta server 0.16.8 on loopback with PostgreSQL, Redis and a scripted model, all on free ports and in
 * an environment made from nothing, and resolves when it is well. Installs it first where it is missing.
 * Throws LettaUnobtainable when it cannot be had. `stop` ends every process by its pid and removes what they wrote.
 */
export async function startRealLetta(options: Options): Promise<RealLetta> {
  const installation = await installLetta(options);
  const began = performance.now();
  const parts: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    for (const part of parts.splice(0).reverse()) await part.stop();
  };
  const running = async <Part extends { stop(): Promise<void> }>(start: Promise<Part>): Promise<Part> => {
    const part = await start;
    parts.push(part);
    return part;
  };
  try {
    const home = await mkdtemp(join(tmpdir(), 'parley-letta-'));
    parts.push({ stop: () => rm(home, { recursive: true, force: true }) });
    const [model, postgres] = await Promise.all([
      running(startScriptedModel()),
      running(startPostgres({ packages: installation.sidePackages, template: installation.template })),
    ]);
    const redisPort = await freePort();
    if (options.redis !== false) await running(startRedis(installation, home, redisPort));
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const env = serverEnvironment({ installation, home, url, model, postgres: postgres.uri, redisPort, ...options });
    const args = ['server', '--host', '127.0.0.1', '--port', String(port), ...(options.password ? ['--secure'] : [])];
    const start = () => running(startProcess(installation.letta, args, { env, cwd: home }));
    let server = await start();
    await untilWell(url, server);
    options.log(`letta runs at ${url} (${((performance.now() - began) / 1_000).toFixed(0)} s)`);
    const restart = async () => {
      server = await start();
      await untilWell(url, server);
    };
    return { url, model, pids: [server.pid, postgres.pid], crash: () => server.kill9(), restart, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startRedis(installation: LettaInstallation, cwd: string, port: number): Promise<RunningProcess> {
  const script = join(import.meta.dirname, 'fake-redis.py');
  return startProcess(installation.sidePython, [script, String(port)], { env: { PATH: '/usr/bin:/bin' }, cwd });
}

type Surroundings = Options & {
  installation: LettaInstallation;
  home: string;
  url: string;
  model: ScriptedModel;
  postgres: string;
  redisPort: number;
};

/**
 * HAZARD: with LETTA_API_KEY but no LETTA_BASE_URL the tool sandbox would talk to Letta Cloud; with an inherited
 * provider key the server would talk to that provider. So the environment is this and nothing else.
 */
function serverEnvironment(around: Surroundings): Record<string, string> {
  return {
    PATH: [dirname(around.installation.letta), '/usr/bin', '/bin'].join(delimiter),
    HOME: around.home,
    LANG: 'C.UTF-8',
    LETTA_PG_URI: around.postgres,
    LETTA_DISABLE_SQLALCHEMY_POOLING: 'false',
    LETTA_USE_UVLOOP: 'true', // without it a model that closes connections stalls the server for 60 s
    LETTA_DISABLE_TRACING: 'true',
    LETTA_SERVER_URL: around.url,
    OPENAI_API_KEY: 'dummy',
    OPENAI_BASE_URL: around.model.url,
    ...(around.redis === false ? {} : { LETTA_REDIS_HOST: '127.0.0.1', LETTA_REDIS_PORT: String(around.redisPort) }),
    ...(around.password
      ? { LETTA_SERVER_PASSWORD: around.password, LETTA_API_KEY: around.password, LETTA_BASE_URL: around.url }
      : {}),
  };
}

async function untilWell(url: string, server: RunningProcess): Promise<void> {
  const well = async () => {
    if (server.exited()) throw new Error(`the Letta server has ended:\n${server.tail()}`);
    return fetch(`${url}/v1/health/`).then(
      (answer) => answer.ok,
      () => false,
    );
  };
  await pollUntil(well, START_MS, () => `the Letta server is not well:\n${server.tail()}`);
}
