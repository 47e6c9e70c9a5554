import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { launchParley, startParleyProgram } from '@/lib/testing/parley-program';

/** It ends by itself with exit code 1, and what it prints is for the person who started it: no stack. */
async function expectRefusal(env: Record<string, string>, words: readonly string[], dataDir?: string): Promise<void> {
  const program = launchParley({ env, ...(dataDir === undefined ? {} : { dataDir }) });
  expect(await program.exited, program.log()).toBe(1);
  for (const word of words) expect(program.log()).toContain(word);
  expect(program.log()).not.toMatch(/^\s+at /m);
  if (dataDir === undefined) await program.stop();
}

test('a busy port is named', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const address = server.address();
  const port = String(typeof address === 'object' && address ? address.port : 0);
  await expectRefusal({ PORT: port }, [`Port ${port}`, 'PORT']);
});

test.for(['192.0.2.1', 'no-such-host.invalid'])('HOST %s, which is not of this machine, is named', async (host) => {
  await expectRefusal({ HOST: host }, [`HOST: ${host} is no address`]);
});

test('a second program on a data directory names the first', async () => {
  const first = await startParleyProgram();
  onTestFinished(async () => void (await first.stop()));
  await expectRefusal({}, [`process ${first.pid}`, first.dataDir, 'PARLEY_DATA_DIR'], first.dataDir);
  expect(await fetch(`${first.url}/api/health`).then((response) => response.status)).toBe(200);
});

test.runIf(process.platform === 'linux')('a data directory that cannot be made is named', async () => {
  await expectRefusal({}, ['/proc/parley', 'PARLEY_DATA_DIR'], '/proc/parley');
});

test.for([
  ['PORT', '70000'],
  ['PARLEY_URL', 'parley.example'],
  ['PARLEY_ADMIN_KEY', 'short'],
  ['PARLEY_SANDBOX', 'perhaps'],
  ['DATABASE_URL', 'mysql://db/parley'],
  ['LETTA_API_KEY', 'from-a-file\r'],
] as const)('a bad %s is named, with what is allowed', async ([name, value]) => {
  await expectRefusal({ [name]: value }, [name, 'Allowed']);
});
