import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '@/lib/testing/embedded-postgres-run';
import { makeDataDirectory } from './postgres-home';

test('a data directory is made with all above it, for its owner alone, and is named by its real path', () => {
  const base = temporaryDirectory();
  const directory = join(base, 'a', 'b', 'c');
  const real = makeDataDirectory(directory);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  symlinkSync(directory, join(base, 'link'));
  expect(makeDataDirectory(join(base, 'link'))).toBe(real);
});

test.runIf(process.platform === 'linux')('a directory that cannot be made is told at once, with its name', () => {
  const base = temporaryDirectory();
  writeFileSync(join(base, 'file'), '');
  symlinkSync(join(base, 'nowhere'), join(base, 'dangling'));
  mkdirSync(join(base, 'there'));
  for (const path of [
    '/proc/parley',
    '/proc/parley/data',
    join(base, 'file'),
    join(base, 'file', 'x'),
    join(base, 'dangling'),
  ]) {
    expect(() => makeDataDirectory(path), path).toThrow(`The data directory ${path} cannot be used`);
  }
  expect(makeDataDirectory(join(base, 'there'))).toBeTruthy();
});
