import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { findRunningPostgres } from '@/lib/server/database/running-postgres';
import { launchParley, type ParleyProcess, startParleyProgram } from '@/lib/testing/parley-program';
import { verifyExport } from '@/lib/testing/verify-export';
import { apiOf } from './api';

function keptDirectory(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-boot-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 300 }));
  return dataDir;
}

const isInitialising = (dataDir: string) => readdirSync(dataDir).some((name) => name.startsWith('postgres.making-'));

/** Kills it at the first moment at which something is so. */
async function killOnce(program: ParleyProcess, isSo: () => boolean): Promise<void> {
  let isGone = false;
  void program.exited.then(() => {
    isGone = true;
  });
  while (!isSo()) {
    if (isGone) throw new Error(`it ended before it was so:\n${program.log()}`);
    await delay(2);
  }
  await program.kill9();
}

async function expectWhole(dataDir: string): Promise<void> {
  const program = await startParleyProgram({ dataDir });
  const api = apiOf(program.url);
  const { entries } = verifyExport(await api.text('/api/audit/export'));
  const created = entries.filter(({ type }) => type === 'log.created');
  expect(created).toMatchObject([{ seq: 1, payload: { vkey: (await api.text('/api/audit/key')).trim() } }]);
  expect(await api.ask({ path: '/api/health' })).toMatchObject({ status: 'ok' });
  expect(await program.stop()).toBe(0);
}

test('a first start that is killed at each of its steps in turn is completed by the next', async () => {
  const dataDir = keptDirectory();
  await killOnce(launchParley({ dataDir }), () => isInitialising(dataDir));
  await killOnce(launchParley({ dataDir }), () => findRunningPostgres(dataDir) !== null);
  const failpoints = [
    'migration.before_commit:kill',
    'migration.before_commit:kill@2',
    'workspace.before_commit:kill',
    'ledger.before_commit:kill',
    'ledger.after_commit:kill',
  ];
  for (const failpoint of failpoints) {
    const program = launchParley({ dataDir, env: { PARLEY_FAILPOINT: failpoint } });
    expect(await program.exited, `${failpoint}\n${program.log()}`).toBe('SIGKILL');
  }
  await expectWhole(dataDir);
});

test('a first start that is killed at any moment is completed by the next', async () => {
  const dataDir = keptDirectory();
  for (let afterMs = 100; afterMs < 2_500; afterMs += 300) {
    const program = launchParley({ dataDir });
    await delay(afterMs);
    await program.kill9();
  }
  await expectWhole(dataDir);
});

test('a start that is asked to stop stops in order, whatever it has come to', async () => {
  const dataDir = keptDirectory();
  for (let afterMs = 300; afterMs < 2_400; afterMs += 700) {
    const program = launchParley({ dataDir });
    await delay(afterMs);
    expect(await program.stop(), `SIGTERM after ${afterMs} ms\n${program.log()}`).toBeOneOf([0, 'SIGTERM']);
  }
  await expectWhole(dataDir);
});
