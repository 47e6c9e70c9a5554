import type { Page } from '@playwright/test';
import type { Api } from '@/e2e/program/api';
import { expectAccessible } from './accessible';
import { sayElsewhere } from './elsewhere';
import { expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { makeReviewer } from './reviewed-talk';
import { calls, makeTalk, scriptText, speak, type Talk } from './scripted-agents';
import { tabTo } from './tab-to';
import { said } from './transcript';

const parley = parleyOfFile();
const rows = (page: Page, label: string | RegExp) => page.getByRole('article', { name: label });
const takeSeat = (page: Page) => page.getByRole('button', { name: 'Take seat' }).last();
const speaks = (page: Page) => page.getByText('Ana speaks', { exact: true });
const asBen = (page: Page, names: [string, string]) => page.getByLabel(`Write to ${names[0]} as ${names[1]}`);

/** A person takes the second agent's seat without a page. */
const takeOver = (api: Api, { id }: Talk, leaseSeconds: number) =>
  api.ask({ method: 'POST', path: `/api/conversations/${id}/seats/b/takeover`, body: { leaseSeconds } });

/** What an agent has sent after it came back: its words are the last of its pane. */
const pair = (names: [string, string]) => makeTalk(parley.api(), names.join(' and '), { names, answer: 'I am back.' });

test('a person speaks in an agent’s place; what it still writes is kept back; it goes on with what it is told', async ({
  enter,
}) => {
  const names: [string, string] = ['Ada', 'Ben'];
  const talk = await pair(names);
  const page = await enter(parley.admin(), `/conversations/${talk.id}`);
  await takeSeat(page).click();
  await expect(speaks(page)).toBeVisible();
  await expect(page.getByText('Ana took Ben’s seat').first()).toBeVisible();
  await expect(page.getByText('Lease', { exact: true })).toBeVisible();
  const left = page.locator('time', { hasText: /^(10:00|9:\d\d)$/ });
  const before = await left.textContent();
  await expect(left).not.toHaveText(before ?? '', { timeout: 5_000 });

  await test.step('what the other agent writes arrives at the person, and the person’s words cross as Ben’s', async () => {
    await speak(parley.api(), talk, 'a', calls(talk, 1));
    await expect(rows(page, 'Incoming message from Ada')).toContainText('Message 1 of 1');
    await asBen(page, names).fill('This is Ana, in his place.');
    await asBen(page, names).press('Enter');
    await expect(rows(page, 'Incoming message from Ben')).toContainText('This is Ana, in his place.');
    await expect(said(page, 'Well heard.')).toBeVisible();
    await expect(asBen(page, names)).toHaveValue('');
  });

  await test.step('what Ben still writes is crossed out and goes nowhere until somebody offers or discards it', async () => {
    await sayElsewhere(parley.api(), talk.agentIds[1] ?? '', [{ say: 'A late word.' }]);
    const late = rows(page, 'Late output of Ben, not sent');
    await expect(late).toContainText('A late word.');
    const line = late.getByText('A late word.');
    await expect.poll(() => line.evaluate(struckThrough)).toBe(true);
    await expectAccessible(page);
    await late.getByRole('button', { name: 'Discard' }).click();
    await expect(late).toContainText('Late output, discarded');
    await sayElsewhere(parley.api(), talk.agentIds[1] ?? '', [{ say: 'Worth telling.' }]);
    await late.filter({ hasText: 'Worth telling.' }).getByRole('button', { name: 'Offer as draft' }).click();
    const card = page.getByRole('region', { name: 'Draft, Ben to Ada' });
    await expect(card).toContainText('Worth telling.');
    await expect(card).toContainText('Late output, released');
    await expect(rows(page, 'Incoming message from Ben').filter({ hasText: 'Worth telling.' })).toHaveCount(0);
    await card.getByRole('button', { name: 'Approve' }).click();
    await expect(rows(page, 'Incoming message from Ben').filter({ hasText: 'Worth telling.' })).toBeVisible();
    await expect(rows(page, 'Incoming message from Ben').filter({ hasText: 'A late word.' })).toHaveCount(0);
  });

  await test.step('the lease is renewed', async () => {
    await page.getByRole('button', { name: 'Extend' }).click();
    await expect(page.getByText('Ana stays in Ben’s seat')).toBeVisible();
  });

  await test.step('handed back with a summary, which Ben reads, he goes on', async () => {
    await page.getByRole('button', { name: 'Hand back' }).click();
    const dialog = page.getByRole('dialog', { name: 'Hand Ben’s seat back' });
    await dialog.getByLabel(/^Summary for Ben/).fill('We agreed on Tuesday.');
    await expectAccessible(page);
    await page.keyboard.press('Control+Enter');
    await expect(dialog).toBeHidden();
    await expect(page.getByText('Ana handed Ben’s seat back')).toBeVisible();
    await expect(speaks(page)).toHaveCount(0);
    await expect(page.getByRole('article').filter({ hasText: 'We agreed on Tuesday.' })).toBeVisible();
    await expect(rows(page, 'Ben, assistant').filter({ hasText: 'I am back.' })).toBeVisible();
    await expect(page.getByLabel('Message Ben')).toBeVisible();
  });
});

/** Whether a line is drawn through it, or through something around it. */
function struckThrough(element: Element): boolean {
  for (let at: Element | null = element; at; at = at.parentElement) {
    if (getComputedStyle(at).textDecorationLine.includes('line-through')) return true;
  }
  return false;
}

test('a second person reads who sits there and until when, and is refused the seat', async ({ enter }) => {
  const talk = await pair(['Cy', 'Dot']);
  const page = await enter(parley.admin(), `/conversations/${talk.id}`);
  await takeSeat(page).click();
  await expect(speaks(page)).toBeVisible();

  const onlooker = await enter(await makeReviewer(parley.api(), 'Jonas Feld'), `/conversations/${talk.id}`);
  await expect(speaks(onlooker)).toBeVisible();
  await expect(onlooker.getByText('Lease', { exact: true })).toBeVisible();
  await expect(onlooker.getByRole('button', { name: 'Hand back' })).toHaveCount(0);
  await expect(onlooker.getByLabel('Message Dot')).toHaveAttribute('placeholder', /read when Ana hands back/);
  const refused = await onlooker.request.post(`/api/conversations/${talk.id}/seats/b/takeover`, { data: {} });
  expect(refused.status()).toBe(409);
  expect(await refused.text()).toContain('Ana sits in Dot’s seat');

  await page.getByRole('button', { name: 'Hand back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Hand back' }).click();
  await expect(speaks(onlooker)).toHaveCount(0);
  await takeSeat(onlooker).click();
  await expect(page.getByText('Jonas Feld speaks', { exact: true })).toBeVisible();
});

test('a lease that runs out frees the seat by itself, and what waited for the agent is read', async ({ enter }) => {
  const talk = await pair(['Eve', 'Fay']);
  const page = await enter(parley.admin(), `/conversations/${talk.id}`);
  await takeOver(parley.api(), talk, 6);
  await expect(page.getByText('automation speaks', { exact: true })).toBeVisible();
  await expect(page.locator('time', { hasText: /^0:0\d$/ })).toBeVisible();
  await page.getByLabel('Message Fay').fill(scriptText([{ say: 'Now I have read it.' }]));
  await page.getByLabel('Message Fay').press('Enter');
  await expect(page.getByText('automation’s lease ran out; Fay goes on')).toBeVisible({ timeout: 15_000 });
  await expect(page.getByText('automation speaks', { exact: true })).toHaveCount(0);
  await expect(said(page, 'Now I have read it.')).toBeVisible();
});

test('taking, speaking, settling and handing back need no pointer', async ({ enter }) => {
  const names: [string, string] = ['Gus', 'Hal'];
  const talk = await pair(names);
  const page = await enter(parley.admin(), `/conversations/${talk.id}`);
  await expect(takeSeat(page)).toBeVisible();
  await tabTo(page, takeSeat(page));
  await page.keyboard.press('Enter');
  await expect(speaks(page)).toBeVisible();
  await tabTo(page, asBen(page, names));
  await page.keyboard.type('Typed in his place.');
  await page.keyboard.press('Enter');
  await expect(rows(page, 'Incoming message from Hal')).toContainText('Typed in his place.');

  await sayElsewhere(parley.api(), talk.agentIds[1] ?? '', [{ say: 'Too late.' }]);
  const discard = rows(page, 'Late output of Hal, not sent').getByRole('button', { name: 'Discard' });
  await expect(discard).toBeVisible();
  await tabTo(page, discard);
  await page.keyboard.press('Enter');
  await expect(rows(page, 'Late output of Hal, not sent')).toContainText('Late output, discarded');

  await tabTo(page, page.getByRole('button', { name: 'Hand back' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').getByLabel(/^Summary for Hal/)).toBeVisible();
  await tabTo(page, page.getByRole('dialog').getByLabel(/^Summary for Hal/));
  await page.keyboard.type('All is said.');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(takeSeat(page)).toBeFocused();
  await expect(rows(page, 'Hal, assistant').filter({ hasText: 'I am back.' })).toBeVisible();
});

test('on a narrow screen a seat is taken, spoken from and handed back', async ({ enter }) => {
  const names: [string, string] = ['Ike', 'Jan'];
  const talk = await pair(names);
  const page = await enter(parley.admin(), `/conversations/${talk.id}`, { viewport: { width: 390, height: 844 } });
  await page.getByRole('tab', { name: 'Jan' }).click();
  await takeSeat(page).click();
  await expect(speaks(page)).toBeVisible();
  await asBen(page, names).fill('From the train.');
  await page.getByRole('button', { name: 'Send' }).click();
  await sayElsewhere(parley.api(), talk.agentIds[1] ?? '', [{ say: 'Too late.' }]);
  const late = rows(page, 'Late output of Jan, not sent');
  await expect(late).toBeVisible();
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await late.getByRole('button', { name: 'Discard' }).click();
  await expect(late).toContainText('Late output, discarded');
  await page.getByRole('button', { name: 'Hand back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Hand back' }).click();
  await expect(speaks(page)).toHaveCount(0);
  await page.getByRole('tab', { name: 'Ike' }).click();
  await expect(rows(page, 'Incoming message from Jan')).toContainText('From the train.');
});
