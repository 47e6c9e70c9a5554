import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { apiOf } from '@/e2e/program/api';
import { type ParleyProgram, startParleyProgram } from '@/lib/testing/parley-program';
import { expectAccessible } from './accessible';
import { AWAY, expect, test } from './journey';
import { signedIn, stopWell } from './parley-of-file';
import { calls, makeTalk, scriptText, speak } from './scripted-agents';
import { panesInLedger, panesOnScreen, said } from './transcript';

const dataDir = mkdtempSync(join(tmpdir(), 'parley-journey-'));
let program: ParleyProgram;

test.beforeAll(async () => {
  program = await startParleyProgram({ dataDir });
});
test.afterAll(async () => {
  await stopWell(program);
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
});

const banner = (page: Page) => page.getByRole('status').filter({ hasText: 'Reconnecting' });

test('two pages side by side see the program go, say since when, come back by themselves, and show the same', async ({
  enter,
  expectNoise,
}) => {
  test.setTimeout(120_000);
  expectNoise(AWAY);
  const ana = await signedIn(program.signInUrl, 'Ana');
  const talk = await makeTalk(apiOf(program.url), 'Interrupted', { names: ['Ula', 'Van'], answer: 'Van took it.' });
  const pages = [await enter(ana, `/conversations/${talk.id}`), await enter(ana, `/conversations/${talk.id}`)];
  const [first] = pages;
  if (!first) throw new Error('no page');
  await speak(apiOf(program.url), talk, 'a', calls(talk, 3));
  for (const page of pages) await expect(said(page, 'All 3 are out.')).toBeVisible();
  await expect(first.getByRole('main').getByText('Idle', { exact: true })).toHaveCount(3);

  const { port } = new URL(program.url);
  await program.kill9();
  for (const page of pages) {
    await expect(banner(page)).toContainText(/No beat for \d+ s\. You see the state of \d\d:\d\d:\d\d\./);
  }
  await expectAccessible(first);
  await test.step('what is said meanwhile is kept, and not shown as sent', async () => {
    await first.getByLabel('Message Ula').fill(scriptText([{ say: 'Said once.' }]));
    await first.getByLabel('Message Ula').press('Enter');
    await expect(first.getByRole('alert').filter({ hasText: 'Not sent' })).toBeVisible();
    await expect(first.getByRole('article', { name: 'Ana, user' })).toHaveCount(0);
  });

  program = await startParleyProgram({ dataDir, env: { PORT: port } });
  await speak(apiOf(program.url), talk, 'a', calls(talk, 2));
  for (const page of pages) {
    await expect(page.getByText('Connection: Live')).toBeAttached({ timeout: 20_000 });
    await expect(banner(page)).toHaveCount(0);
    await expect(said(page, 'All 2 are out.')).toBeVisible();
  }
  await first.getByRole('button', { name: 'Retry' }).click();
  for (const page of pages) await expect(said(page, 'Said once.')).toHaveCount(1);

  const ledger = await panesInLedger(apiOf(program.url), talk.id);
  expect(ledger.b.filter((one) => one.startsWith('received')).length).toBe(5);
  expect(ledger.a.filter((one) => one === 'assistant: Saidonce.').length).toBe(1);
  for (const page of pages) await expect.poll(() => panesOnScreen(page)).toEqual(ledger);
});
