import { chownSync, cpSync, existsSync, lstatSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  AS_NOBODY,
  ask,
  nobodyReadsUs,
  ready,
  startPostgresProgram,
  temporaryDirectory,
} from '@/lib/testing/embedded-postgres-run';
import { findBinaryPackage, linkLibraries, prepareBinaries } from './postgres-binaries';

/** The package as an npm that runs no install scripts lays it. */
function packageWithoutLinks(): string {
  const directory = join(temporaryDirectory(), 'package');
  cpSync(findBinaryPackage(), directory, { recursive: true, verbatimSymlinks: true });
  const libraries = join(directory, 'native/lib');
  for (const name of readdirSync(libraries)) {
    if (lstatSync(join(libraries, name)).isSymbolicLink()) rmSync(join(libraries, name));
  }
  return directory;
}

test('a platform without binaries is told about DATABASE_URL', () => {
  expect(() => findBinaryPackage('sunos', 'sparc')).toThrow(/sunos sparc[\s\S]*DATABASE_URL/);
});

test('the links that npm does not make are made, by two processes at once as well, and a broken one is mended', async () => {
  const directory = packageWithoutLinks();
  const library = join(directory, 'native/lib/libpq.so.5');
  symlinkSync('nowhere', library);
  expect(await Promise.all([linkLibraries(directory), linkLibraries(directory)])).toEqual([true, true]);
  expect(readlinkSync(library)).toBe('libpq.so.5.18');
  const binaries = await prepareBinaries(directory, temporaryDirectory(), { kind: 'same' });
  expect(binaries.postgres).toBe(join(directory, 'native/bin/postgres'));
  expect(binaries.major).toBe(18);
});

test.runIf(nobodyReadsUs)('a package that cannot be written is copied into the data directory once', async () => {
  const directory = packageWithoutLinks();
  const open = join(directory, '..');
  chownSync(open, 65_534, 65_534); // enterable; the package in it stays root's
  const dataDir = join(open, 'data');
  const run = { under: AS_NOBODY, args: ['--package', directory] };
  const program = startPostgresProgram(dataDir, run);
  const { connectionString } = await ready(program);
  expect(await ask(connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  program.kill('SIGTERM');
  await program.exited;
  const [copy = ''] = readdirSync(join(dataDir, 'binaries'));
  const before = lstatSync(join(dataDir, 'binaries', copy, 'native')).ctimeMs;
  await ready(startPostgresProgram(dataDir, run));
  expect(readdirSync(join(dataDir, 'binaries'))).toEqual([copy]);
  expect(lstatSync(join(dataDir, 'binaries', copy, 'native')).ctimeMs).toBe(before);
  expect(existsSync(join(directory, 'native/lib/libpq.so.5'))).toBe(false);
});

test('binaries that do not run here are reported with the reason and DATABASE_URL', async () => {
  const directory = packageWithoutLinks();
  rmSync(join(directory, 'native/lib'), { recursive: true });
  rmSync(join(directory, 'native/pg-symlinks.json'));
  const preparing = prepareBinaries(directory, temporaryDirectory(), { kind: 'same' });
  await expect(preparing).rejects.toThrow(/libraries[\s\S]*DATABASE_URL/);
});
