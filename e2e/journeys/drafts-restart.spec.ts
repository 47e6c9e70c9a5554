import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { apiOf } from '@/e2e/program/api';
import { type ParleyProgram, startParleyProgram } from '@/lib/testing/parley-program';
import { AWAY, expect, test } from './journey';
import { signedIn, stopWell } from './parley-of-file';
import { draftOf, listedDrafts, makeReviewedTalk, notice, park, waitingIn } from './reviewed-talk';

const dataDir = mkdtempSync(join(tmpdir(), 'parley-journey-'));
let program: ParleyProgram;

test.beforeAll(async () => {
  program = await startParleyProgram({ dataDir });
});
test.afterAll(async () => {
  await stopWell(program);
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
});

const rows = (page: Page, label: string) => page.getByRole('article', { name: label });

test('drafts outlive a crash of Parley: what is waiting waits, what was being written is kept, each goes out once', async ({
  enter,
  expectNoise,
}) => {
  expectNoise(AWAY);
  const ana = await signedIn(program.signInUrl, 'Ana');
  const one = await makeReviewedTalk(apiOf(program.url), 'Waits through it', ['Ada', 'Ben'], { expirySeconds: 600 });
  const two = await makeReviewedTalk(apiOf(program.url), 'Answered before it', ['Cy', 'Dot'], { undoSeconds: 20 });
  const [kept] = await park(apiOf(program.url), one, 'I wait.');
  const [left] = await park(apiOf(program.url), two, 'I am on my way.');
  const page = await enter(ana, `/drafts/${left?.id}`);
  await expect(draftOf(page, 'Cy', 'Dot')).toBeVisible();
  await page.keyboard.press('a');
  await expect(notice(page, 'Approved Cy → Dot')).toContainText(/Leaves in \d+ s/);
  await expect(draftOf(page, 'Ada', 'Ben')).toBeVisible();
  await page.keyboard.press('e');
  await page.getByRole('textbox', { name: 'Your text' }).fill('I have waited.');

  const { port } = new URL(program.url);
  await program.kill9();
  await expect(page.getByRole('status').filter({ hasText: 'Reconnecting' })).toBeVisible({ timeout: 20_000 });
  program = await startParleyProgram({ dataDir, env: { PORT: port } });
  await expect(page.getByText('Connection: Live')).toBeAttached({ timeout: 20_000 });

  const api = apiOf(program.url);
  expect(await waitingIn(api, one)).toMatchObject([{ id: kept?.id, content: 'I wait.' }]);
  await expect(listedDrafts(page)).toHaveCount(1);
  await expect(page.getByRole('textbox', { name: 'Your text' })).toHaveValue('I have waited.');
  await page.getByRole('textbox', { name: 'Your text' }).press('Control+Enter');
  await expect(notice(page, 'Edited Ada → Ben')).toBeVisible();
  await page.goto(`/conversations/${one.id}`);
  await expect(rows(page, 'Incoming message from Ada')).toContainText('I have waited.');
  await page.goto(`/conversations/${two.id}`);
  // After our own downtime the undo window begins anew; then it leaves, once.
  await expect(rows(page, 'Incoming message from Cy')).toContainText('I am on my way.', { timeout: 60_000 });
  await expect(rows(page, 'Incoming message from Cy')).toHaveCount(1);
});
