import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessRuntime, createAccessRuntime } from '@/lib/testing/access-runtime';
import { temporaryDirectory } from '@/lib/testing/embedded-postgres-run';
import { startProgram } from '@/lib/testing/start-program';
import { makeSignInLink } from '../../access/make-sign-in-link';

let rt: AccessRuntime;

beforeAll(async () => {
  rt = await createAccessRuntime({ url: 'http://127.0.0.1:4711' });
  for (let n = 0; n < 5; n += 1) await makeSignInLink(rt);
});
afterAll(() => rt.stop());

async function parley(...words: string[]) {
  const { connectionString } = rt.database;
  const called = startProgram('lib/server/cli/parley.ts', words, { env: { DATABASE_URL: connectionString } });
  return { code: await called.exited, stdout: called.stdout(), stderr: called.stderr() };
}

test('[PR15] `audit export` writes the ledger, or a stream of it, and `audit verify` holds it to its key', async () => {
  const file = join(temporaryDirectory(), 'ledger.ndjson');
  expect(await parley('audit', 'export', file)).toMatchObject({ code: 0, stdout: '' });
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const { kind, size, vkey } = JSON.parse(lines[0] ?? '');
  expect(kind).toBe('full');
  const verified = await parley('audit', 'verify', file);
  expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining(`It holds: all ${size} entries of `) });
  expect(verified.stdout).toContain(`It was signed with ${vkey}. Compare this key`);
  expect(await parley('audit', 'verify', '--key', `${vkey}\n`, file)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('It was signed with the key given.'),
  });
  const part = await parley('audit', 'export', '--stream', 'system');
  expect(JSON.parse(part.stdout.split('\n')[0] ?? '')).toMatchObject({ kind: 'partial' });
  expect(await parley('audit', 'export', file)).toMatchObject({
    code: 1,
    stderr: `${file} is there already; name another file.\n`,
  });
}, 60_000);

test('[PR15] `audit verify` says what does not hold, and where', async () => {
  const file = join(temporaryDirectory(), 'ledger.ndjson');
  const { stdout } = await parley('audit', 'export');
  writeFileSync(file, stdout.replace('"type\\":\\"log.created', '"type\\":\\"log.creatid'));
  expect(await parley('audit', 'verify', file)).toMatchObject({
    code: 1,
    stderr: `${file} does not hold: line 2: the hash of 1 is not that of its envelope.\n`,
  });
  expect(await parley('audit', 'verify', `${file}.none`)).toMatchObject({
    code: 1,
    stderr: `${file}.none cannot be read: ENOENT.\n`,
  });
  expect(await parley('audit', 'verify')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^It holds: all \d+ /),
  });
}, 60_000);
