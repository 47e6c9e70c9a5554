import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { z } from 'zod';
import { type Api, apiOf } from '@/e2e/program/api';
import { Agent } from '@/lib/protocol/agent';
import { pageOf } from '@/lib/protocol/page';
import { type ParleyProgram, startParleyProgram } from '@/lib/testing/parley-program';
import { AWAY, expect, test } from './journey';
import { stopWell } from './parley-of-file';
import { panesInLedger, panesOnScreen } from './transcript';

const PACE_MS = '40';

/** As in the tutorial on connecting agents (docs.letta.com), shortened. */
const personaOf = (name: string) =>
  `I am ${name}. I don’t identify as male or female, but my voice is soft and soothing. I’m curious, empathetic, and extraordinarily perceptive. I’m passionate about learning, asking probing questions, delving into abstract thoughts, and even challenging conventional wisdom.`;
const HUMAN =
  'This is my section of core memory devoted to information about the human. I don’t yet know anything about them. I should update this memory over time as I interact with the human and learn more about them.';
const PRIMING =
  'Hey - just letting you know I’m going to connect you with another one of my agent buddies. Hope you enjoy chatting with them (I think they’ll reach out directly).';
const askFor = (agentId: string) =>
  `Hey, my other agent friend is lonely and needs someone to chat to. Can you give them a ring? Their ID is ${agentId}. If you can reach them, have a short conversation but let me know after a few messages how they’re doing!`;

const askAgainFor = (agentId: string) =>
  `You were cut off. Please give ${agentId} another ring, and let me know after a few messages how they’re doing!`;

const dataDir = mkdtempSync(join(tmpdir(), 'parley-journey-'));
let program: ParleyProgram;
let api: Api;

test.beforeAll(async () => {
  program = await startParleyProgram({ dataDir, env: { PARLEY_SANDBOX_PACE_MS: PACE_MS } });
  api = apiOf(program.url);
  await clearTheTable();
});
test.afterAll(async () => {
  await stopWell(program);
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
});

/** The sandbox begins with an Alice and a Bob of its own; here they are made by hand. */
async function clearTheTable(): Promise<void> {
  const agents = async () => pageOf(Agent).parse(await api.ask({ path: '/api/agents' })).items;
  await expect.poll(async () => (await agents()).length).toBe(2);
  for (const { id } of await agents()) await api.ask({ method: 'DELETE', path: `/api/agents/${id}` });
}

test('the tutorial on connecting agents works from Parley’s own screens, through a reload and a crash', async ({
  enter,
  expectNoise,
}) => {
  test.setTimeout(120_000);
  expectNoise(AWAY);
  const page = await enter({ url: program.url }, program.signInUrl, {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await signInFirst(page);
  const bobId = await createAgent(page, 'Bob');
  await createAgent(page, 'Alice');
  await openConversation(page);
  await say(page, 'Bob', PRIMING);
  await expect(rows(page, 'Bob, assistant')).toHaveCount(1);
  await say(page, 'Alice', askFor(bobId));

  await test.step('words are there before their message is', async () => {
    const early = await wordsBeingWritten(page);
    await expect.poll(async () => (await texts(page)).some((text) => text.includes(early))).toBe(true);
  });
  await test.step('both ends of a message light up together', () => seeBothEnds(page));
  await test.step('a reload in the middle loses nothing', async () => {
    const before = (await texts(page)).length;
    await page.reload();
    await expect.poll(async () => (await texts(page)).length).toBeGreaterThanOrEqual(before);
  });
  await test.step('the program is killed in the middle of a turn and comes back', () => crash(page));
  await test.step('Alice is asked once more, and reports', async () => {
    await say(page, 'Alice', askAgainFor(bobId));
    await expect(rows(page, 'Alice, assistant').last()).toContainText('I reached your friend', { timeout: 40_000 });
  });
  await idle(page);
  const { pathname } = new URL(page.url());
  const ledger = await panesInLedger(api, pathname.split('/').at(-1) ?? '');
  expect(ledger.a.length).toBeGreaterThan(4);
  await expect.poll(() => panesOnScreen(page)).toEqual(ledger);
});

async function signInFirst(page: Page): Promise<void> {
  await page.getByLabel('Your name').fill('Ana');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('New password').fill('a password of ana');
  await page.getByRole('button', { name: 'Set the password and go on' }).click();
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
}

async function createAgent(page: Page, name: string): Promise<string> {
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Agents' }).click();
  await page.getByRole('button', { name: 'Create agent' }).click();
  const form = page.getByRole('dialog', { name: 'Create an agent' });
  await form.getByLabel('Name', { exact: true }).fill(name);
  await form.getByLabel('Persona').fill(personaOf(name));
  await form.getByLabel('Human').fill(HUMAN);
  await form.getByLabel('send_message_to_agent_async').check();
  await form.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { level: 2, name })).toBeVisible();
  await page.getByRole('button', { name: 'Copy the id' }).click();
  return z
    .string()
    .startsWith('agent-')
    .parse(await page.evaluate(() => navigator.clipboard.readText()));
}

async function openConversation(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'New conversation' }).click();
  const form = page.getByRole('dialog', { name: 'New conversation' });
  await form.getByLabel('Alice').check();
  await form.getByLabel('Bob').check();
  await form.getByLabel('Title').fill('Alice rings Bob');
  await form.getByRole('button', { name: 'Open' }).click();
  await expect(page.getByRole('heading', { name: 'Alice rings Bob' })).toBeVisible();
}

async function say(page: Page, name: string, words: string): Promise<void> {
  const composer = page.getByLabel(`Message ${name}`);
  await composer.fill(words);
  await composer.press('Enter');
  await expect(composer).toHaveValue('');
  await expect(rows(page, 'Ana, user').filter({ hasText: words })).toHaveCount(1);
}

const rows = (page: Page, label: string) => page.getByRole('article', { name: label });
const texts = (page: Page) => page.getByRole('article').allTextContents();

/** Some words at a tail while no finished row holds them. */
const wordsBeingWritten = async (page: Page): Promise<string> => {
  const words = await page.waitForFunction(() => {
    const written = [...document.querySelectorAll('.caret')].map((caret) => caret.parentElement?.textContent ?? '');
    const finished = [...document.querySelectorAll('article')].map((row) => row.textContent ?? '');
    return written.find((text) => text.length > 20 && !finished.some((row) => row.includes(text)));
  });
  return (await words.jsonValue()) ?? '';
};

async function seeBothEnds(page: Page): Promise<void> {
  await page.locator('[data-in]').first().waitFor();
  const id = (await page.locator('[data-in]').first().getAttribute('data-in')) ?? '';
  const [sent, received] = [page.locator(`[data-out="${id}"]`), page.locator(`[data-in="${id}"]`)];
  await expect(sent).toContainText(/to Bob · \d[\d.]* (ms|s)/);
  await expect(received).toContainText(/from Alice · \d[\d.]* (ms|s)/);
  await expect(page.locator('svg text').first()).toHaveText(/^\d[\d.]* (ms|s)$/);
  await page.mouse.move(0, 0); // a message under the pointer is lit, too
  const ground = (end: typeof sent) => end.evaluate((element) => getComputedStyle(element).backgroundColor);
  const [unlit, arrived] = [await ground(sent), await ground(received)];
  await expect(async () => {
    await page.getByRole('article').filter({ has: sent }).getByRole('button', { name: 'to Bob' }).click();
    await page.mouse.move(0, 0);
    expect(await ground(sent)).not.toBe(unlit); // a row that moves while it is pressed is not pressed
  }).toPass({ timeout: 10_000 });
  expect(await ground(received)).not.toBe(arrived);
  expect(await ground(received)).toBe(await ground(sent));
}

/** The sandbox's agents live in the program: what one of them was about to say when it was killed is lost, and said so. */
async function crash(page: Page): Promise<void> {
  await rows(page, 'Incoming message from Bob').last().waitFor();
  await wordsBeingWritten(page);
  const { port } = new URL(program.url);
  await program.kill9();
  await expect(page.getByText('Reconnecting')).toBeVisible();
  program = await startParleyProgram({ dataDir, env: { PORT: port, PARLEY_SANDBOX_PACE_MS: PACE_MS } });
  await expect(page.getByText('Connection: Live')).toBeAttached({ timeout: 20_000 });
  await expect(page.getByText('Reconnecting')).toBeHidden();
  await expect(rows(page, 'Turn ended: outcome unknown').last()).toBeVisible({ timeout: 20_000 });
  await idle(page);
}

/** Neither agent has a turn, and nothing is on its way. */
const idle = (page: Page) => expect(page.getByRole('main').getByText('Idle', { exact: true })).toHaveCount(3);
