import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '@/lib/server/boot/project-root';
import { findDataDirectoryHolder } from '@/lib/server/database/data-directory-lock';
import { findBinaryPackage } from '@/lib/server/database/postgres-binaries';
import { choosePostgresIdentity } from '@/lib/server/database/postgres-identity';
import type { Env } from '@/lib/server/env';
import type { Finding } from './finding';
import { brokenBy } from './finding';

const Manifest = z.object({ engines: z.object({ node: z.string().regex(/^>=\d+\.\d+\.\d+$/) }) });

/** Whether this Node is new enough for package.json. `version` is such as `24.21.0`. */
export function checkNode(version: string = process.versions.node): Finding {
  const { engines } = Manifest.parse(JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')));
  const least = engines.node.slice(2);
  const [ours = 0, needed = 0] = [version, least].map(toNumber);
  if (ours >= needed) return { about: 'Node', state: 'well', said: version };
  return {
    about: 'Node',
    state: 'broken',
    said: `${version} is too old; Parley needs ${least} or newer`,
    todo: 'Install a newer Node, or run `npm ci` without --omit=optional, which brings one for Linux.',
  };
}

const toNumber = (version: string) =>
  version.split('.').reduce((sum, part) => sum * 1_000 + Number.parseInt(part, 10), 0);

/** Whether this platform has a built-in PostgreSQL and may run it; DATABASE_URL makes it unneeded. */
export async function checkBinaries(env: Pick<Env, 'databaseUrl'>): Promise<Finding> {
  const about = 'PostgreSQL programs';
  if (env.databaseUrl) return { about, state: 'note', said: 'not needed, DATABASE_URL is set' };
  try {
    findBinaryPackage();
    const { kind } = await choosePostgresIdentity();
    const as = { same: 'run as this user', namespace: 'run in a user namespace', other: 'run as another user' };
    return { about, state: 'well', said: `there for ${process.platform} ${process.arch}; ${as[kind]}` };
  } catch (error) {
    return brokenBy(about, error);
  }
}

/** Whether the data directory can be written, and whether a Parley has it. */
export function checkDataDirectory({ dataDir }: Pick<Env, 'dataDir'>): Finding {
  const about = 'Data directory';
  const todo = 'Give this user the directory, or set PARLEY_DATA_DIR to one that it may write.';
  let nearest = dataDir;
  while (!existsSync(nearest)) nearest = dirname(nearest);
  try {
    accessSync(`${nearest}/.`, constants.W_OK | constants.X_OK); // the dot: of a file nothing can be asked so
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { about, state: 'broken', said: `${nearest} cannot be written: ${said}`, todo };
  }
  if (nearest !== dataDir) return { about, state: 'well', said: `${dataDir}, made at the first start` };
  const holder = findDataDirectoryHolder(dataDir);
  const held = holder ? `in use by the Parley of process ${holder.pid}` : 'no Parley is running on it';
  return { about, state: 'well', said: `${dataDir}, ${held}` };
}
