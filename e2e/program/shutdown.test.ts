import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { isAlive } from '@/lib/server/boot/process-identity';
import { readPostmasterFile } from '@/lib/server/database/postmaster-file';
import { ADMIN_KEY, launchParley, type ParleyProgram, startParleyProgram } from '@/lib/testing/parley-program';
import { verifyExport } from '@/lib/testing/verify-export';
import { apiOf } from './api';
import { makeConversation } from './make-conversation';
import { randomFrom } from './random';
import { createWriteLoad } from './write-load';

const UNDER_LOAD_MS = 1_500;
const STOP_MS = 10_000;

async function startKept(): Promise<{ program: ParleyProgram; dataDir: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-stop-'));
  const program = await startParleyProgram({ dataDir });
  onTestFinished(async () => {
    await program.kill9();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 300 });
  });
  return { program, dataDir };
}

/** Sends the head of a write and not its body: a request that is under way for as long as the client likes. */
function beginWrite(url: string): { close(): void } {
  const { port, host } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined); // it is cut off
  socket.write(
    `POST /api/keys HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${ADMIN_KEY}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
  );
  return { close: () => void socket.destroy() };
}

test('asked to stop under load, it answers what it has taken, signs all of it and ends with 0', async () => {
  const { program, dataDir } = await startKept();
  const api = apiOf(program.url);
  const { id } = await makeConversation(api, 'Paused', { paused: true });
  const writes = createWriteLoad(id, randomFrom(1));
  const load = writes.run(api);
  await delay(UNDER_LOAD_MS);
  const askedAt = performance.now();
  expect(await program.stop('SIGTERM'), program.log()).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(STOP_MS);
  await load.done;

  const next = await startParleyProgram({ dataDir });
  onTestFinished(() => next.kill9());
  const entries = await apiOf(next.url).entries();
  expect(writes.unansweredIn(entries), 'what was recorded was answered').toEqual([]);
  writes.verify(entries);
  const stopped = entries.findIndex(({ type }) => type === 'system.stopped');
  expect(entries[stopped + 1]).toMatchObject({ type: 'checkpoint.signed', payload: { size: stopped + 1 } });
  expect(entries[stopped + 2]?.type).toBe('system.started');
  verifyExport(await apiOf(next.url).text('/api/audit/export'));
  expect(await next.stop()).toBe(0);
});

test('Ctrl-C, which npm passes on a second time, is one wish to stop', async () => {
  const { program } = await startKept();
  const exited = program.stop('SIGINT');
  program.signal('SIGINT');
  expect(await exited, program.log()).toBe(0);
});

test('whoever insists ends it at once, its PostgreSQL too, and nothing is lost', async () => {
  const { program, dataDir } = await startKept();
  const api = apiOf(program.url);
  const { id } = await makeConversation(api, 'Paused', { paused: true });
  const writes = createWriteLoad(id, randomFrom(2));
  const load = writes.run(api);
  await delay(UNDER_LOAD_MS);
  const postgres = program.postgresPid() ?? 0;
  const hanging = beginWrite(program.url);
  await delay(100);
  program.signal('SIGINT');
  await delay(1_200);
  expect(await program.stop('SIGINT'), program.log()).toBe(1);
  hanging.close();
  await load.done;
  await expect.poll(() => isAlive(postgres), { timeout: 5_000 }).toBe(false);

  const next = await startParleyProgram({ dataDir });
  onTestFinished(() => next.kill9());
  await writes.settle(apiOf(next.url));
  writes.verify(await apiOf(next.url).entries());
  verifyExport(await apiOf(next.url).text('/api/audit/export'));
  expect(await next.stop()).toBe(0);
});

test('a request that never ends does not keep it from stopping', async () => {
  const { program } = await startKept();
  const hanging = beginWrite(program.url);
  await delay(100);
  const askedAt = performance.now();
  expect(await program.stop(), program.log()).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(STOP_MS);
  hanging.close();
});

test('asked to stop while its PostgreSQL is coming up, it ends with 0 and leaves none behind', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-stop-'));
  const program = launchParley({ dataDir });
  onTestFinished(async () => {
    await program.kill9();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 300 });
  });
  const started = () => readPostmasterFile(join(dataDir, 'postgres'))?.pid ?? 0;
  await expect.poll(started, { timeout: 30_000, interval: 2 }).toBeGreaterThan(0);
  const postgres = started();
  expect(await program.stop(), program.log()).toBe(0);
  expect(isAlive(postgres)).toBe(false);
});
