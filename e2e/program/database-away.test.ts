import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { type ParleyProgram, startParleyProgram } from '@/lib/testing/parley-program';
import { type Program, startProgram } from '@/lib/testing/start-program';
import { verifyExport } from '@/lib/testing/verify-export';
import { type Api, apiOf, errorCodeOf } from './api';
import { createCarriedLoad } from './carried-load';
import { makeConversation } from './make-conversation';
import { randomFrom } from './random';
import { createWriteLoad } from './write-load';

const NOTICED_MS = 8_000;
const BACK_MS = 15_000;
const AWAY_MS = 10_000;

const health = async (api: Api) => (await api.send({ path: '/api/health' })).body;
const isDegraded = { status: 'degraded', database: 'unavailable' };

async function runParley(env: Record<string, string>): Promise<ParleyProgram> {
  const program = await startParleyProgram({ env });
  onTestFinished(async () => void (await program.stop()));
  return program;
}

async function runDatabase(dataDir: string): Promise<{ program: Program; databaseUrl: string }> {
  const program = startProgram('lib/testing/embedded-postgres-program.ts', ['--data-dir', dataDir]);
  onTestFinished(async () => {
    program.kill('SIGTERM');
    await program.exited;
  });
  const [, , databaseUrl = ''] = await program.says(/^ready (\d+) (\S+)$/m);
  return { program, databaseUrl };
}

test('its PostgreSQL killed under load: writes are refused for a moment, nothing is lost or done twice', async () => {
  const program = await runParley({});
  const api = apiOf(program.url);
  const paused = await makeConversation(api, 'Paused', { paused: true });
  const carried = await makeConversation(api, 'Carried');
  const writes = createWriteLoad(paused.id, randomFrom(5));
  const calls = createCarriedLoad(carried.id, carried.receiverId, randomFrom(6));
  const load = [writes.run(api), calls.run(api)];
  for (let n = 0; n < 2; n += 1) {
    await delay(1_000);
    const postgres = program.postgresPid();
    if (postgres === null) throw new Error('no PostgreSQL to be killed');
    process.kill(postgres, 'SIGKILL');
    await expect.poll(() => program.postgresPid(), { timeout: BACK_MS }).not.toBeOneOf([postgres, null]);
    await expect.poll(() => health(api), { timeout: BACK_MS, interval: 50 }).toMatchObject({ status: 'ok' });
  }
  await delay(1_000);
  for (const each of load) each.stop();
  await Promise.all(load.map((each) => each.done));

  expect(writes.putOff(), 'writes that were refused meanwhile').toBeGreaterThan(0);

  const settlingSince = performance.now();
  await writes.settle(api);
  expect(performance.now() - settlingSince, 'no key is held by a request that came to nothing').toBeLessThan(BACK_MS);
  await writes.repeatSome(api, 20);
  await calls.settle(api, 60_000);
  const entries = await api.entries();
  writes.verify(entries);
  calls.verify(entries);
  verifyExport(await api.text('/api/audit/export'));
}, 180_000);

test('a database that is away for a while is noticed without a write, and work goes on when it is back', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'parley-away-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 300 }));
  const database = await runDatabase(directory);
  const api = apiOf((await runParley({ DATABASE_URL: database.databaseUrl })).url);
  const { id, receiverId } = await makeConversation(api, 'Carried');
  const calls = createCarriedLoad(id, receiverId, randomFrom(7));

  database.program.kill('SIGTERM');
  await database.program.exited;
  await expect.poll(() => health(api), { timeout: NOTICED_MS }).toMatchObject(isDegraded);
  const awaySince = performance.now();
  for (const request of [
    { path: '/api/conversations' },
    { path: '/api/settings' },
    { method: 'PUT', path: '/api/settings', body: { maxTurns: 9 } },
  ]) {
    const answer = await api.send(request);
    expect([answer.status, errorCodeOf(answer)]).toEqual([503, 'ledger.unavailable']);
  }
  await delay(AWAY_MS - (performance.now() - awaySince));

  await runDatabase(directory);
  await expect.poll(() => health(api), { timeout: BACK_MS }).toMatchObject({ status: 'ok' });
  const carrying = calls.run(api);
  const delivered = async () => calls.verify(await api.entries()).delivered;
  await expect.poll(delivered, { timeout: 30_000 }).toBeGreaterThan(2);
  carrying.stop();
  await carrying.done;
  verifyExport(await api.text('/api/audit/export'));
}, 120_000);
