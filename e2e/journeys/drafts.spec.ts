import type { Page } from '@playwright/test';
import { expectAccessible } from './accessible';
import { expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { draftOf, listedDrafts, makeReviewedTalk, notice, park, setEdge } from './reviewed-talk';
import { makeTalk } from './scripted-agents';

const parley = parleyOfFile();
const rows = (page: Page, label: string) => page.getByRole('article', { name: label });
const places = (page: Page) => page.getByRole('navigation', { name: 'Places' });

test('a direction is set to review in the channel; what is said then parks there and goes on when it is approved', async ({
  enter,
}) => {
  const talk = await makeTalk(parley.api(), 'Under review', { names: ['Ada', 'Ben'], answer: 'Ben has it.' });
  await setEdge(parley.api(), talk, { mode: 'pass' });
  const page = await enter(parley.admin(), `/conversations/${talk.id}`);
  const edge = page.getByRole('radiogroup', { name: 'Ada to Ben' });
  await edge.getByRole('radio', { name: 'Review' }).click();
  await expect(edge.getByRole('radio', { name: 'Review' })).toBeChecked();
  await park(parley.api(), talk, 'May I ask you something?');

  const card = page.getByRole('region', { name: 'Draft, Ada to Ben' });
  await expect(card).toContainText('May I ask you something?');
  await expect(rows(page, 'Message to Ben')).toContainText('Parked as a draft');
  await expect(page.getByText('Ada’s next message waits for an answer in the channel.')).toBeVisible();
  await expect(rows(page, 'Incoming message from Ada')).toHaveCount(0);
  await expect(page).toHaveTitle(/^\(1\) Under review/);
  await expectAccessible(page);
  await expect(places(page).getByRole('link', { name: /Drafts/ })).toContainText('1');

  await page.keyboard.press('a');
  await expect(card).toHaveCount(0);
  await expect(page.getByRole('link', { name: /Approved by Ana/ })).toBeVisible();
  await expect(rows(page, 'Incoming message from Ada')).toContainText('May I ask you something?');
  await expect(rows(page, 'Ben, assistant')).toContainText('Ben has it.');
  await expect(page).toHaveTitle(/^Under review/);
});

test('an edited text is what arrives, and its author is told what was changed', async ({ enter }) => {
  const talk = await makeReviewedTalk(parley.api(), 'To be edited', ['Cy', 'Dot']);
  await park(parley.api(), talk, 'Tell me everything about yourself.');
  const page = await enter(parley.admin(), '/drafts');
  await expect(draftOf(page, 'Cy', 'Dot')).toContainText('Tell me everything about yourself.');
  await page.keyboard.press('e');
  const field = page.getByLabel('Your text', { exact: true }).and(page.getByRole('textbox'));
  await expect(field).toBeFocused();
  await field.fill('Tell me something about owls.');
  await expect(page.getByText(/Cy wrote it, 2 words out, 3 in|words out/)).toBeVisible();
  await expect(draftOf(page, 'Cy', 'Dot').locator('del').first()).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Control+Enter');
  await expect(notice(page, 'Edited Cy → Dot')).toBeVisible();
  await page.goto(`/conversations/${talk.id}`);
  await expect(rows(page, 'Incoming message from Cy')).toContainText('Tell me something about owls.');
  await expect(rows(page, 'Message to Dot')).toContainText('Tell me everything about yourself.');
  await expect(page.getByRole('link', { name: /Edited by Ana/ })).toBeVisible();
  await rows(page, 'Tool return').getByRole('button', { expanded: false }).click();
  await expect(rows(page, 'Tool return')).toContainText('Tell me something about owls.');
});

test('respond, reject and ignore tell the author, deliver nothing, and each leads to the next draft', async ({
  enter,
}) => {
  const api = parley.api();
  const one = await makeReviewedTalk(api, 'To be answered', ['Eve', 'Fay'], { expirySeconds: 200 });
  const two = await makeReviewedTalk(api, 'To be rejected', ['Gus', 'Hal'], { expirySeconds: 300 });
  const three = await makeReviewedTalk(api, 'To be ignored', ['Ike', 'Jan'], { expirySeconds: 400 });
  for (const talk of [one, two, three]) await park(api, talk, `A message in ${talk.title}`);
  const page = await enter(parley.admin(), '/drafts');
  await expect(draftOf(page, 'Eve', 'Fay')).toBeVisible();
  await expect(listedDrafts(page)).toHaveCount(3);

  await page.keyboard.press('r');
  await page.getByLabel('Your answer to Eve').fill('Fay is away until Monday.');
  await page.keyboard.press('Control+Enter');
  await expect(draftOf(page, 'Gus', 'Hal')).toBeFocused();

  await page.keyboard.press('d');
  await page.getByLabel(/^Reason for Gus/).fill('Ask without the names.');
  await page.keyboard.press('Control+Enter');
  await expect(draftOf(page, 'Ike', 'Jan')).toBeFocused();

  await page.keyboard.press('i');
  await expect(page.getByText('Nothing waits', { exact: true })).toBeVisible();

  for (const [talk, told] of [
    [one, 'Fay is away until Monday.'],
    [two, 'Ask without the names.'],
    [three, 'Go on without it.'],
  ] as const) {
    await page.goto(`/conversations/${talk.id}`);
    await expect(page.getByRole('article', { name: /assistant/ }).filter({ hasText: 'I go on.' })).toBeVisible();
    await expect(rows(page, 'Incoming message')).toHaveCount(0);
    const back = rows(page, 'Tool return');
    if ((await back.getByRole('button', { expanded: true }).count()) === 0)
      await back.getByRole('button', { expanded: false }).click();
    await expect(back).toContainText(told);
  }
});

test('an answer that is being written stays where it is when something more urgent arrives', async ({ enter }) => {
  const api = parley.api();
  const later = await makeReviewedTalk(api, 'Not urgent', ['Meg', 'Ned'], { expirySeconds: 900 });
  const sooner = await makeReviewedTalk(api, 'Urgent', ['Ole', 'Pia'], { expirySeconds: 90 });
  await park(api, later, 'There is time.');
  const page = await enter(parley.admin(), '/drafts');
  await expect(draftOf(page, 'Meg', 'Ned')).toBeVisible();
  await page.keyboard.press('r');
  const words = page.getByLabel('Your answer to Meg');
  await words.fill('I am still writing');
  await park(api, sooner, 'There is none.');
  await expect(listedDrafts(page)).toHaveCount(2);
  await expect(words).toHaveValue('I am still writing');
  await page.keyboard.press('Control+Enter');
  await expect(draftOf(page, 'Ole', 'Pia')).toBeFocused();
  await page.keyboard.press('i');
  await expect(page.getByText('Nothing waits', { exact: true })).toBeVisible();
});

test('what was approved is taken back within its seconds, waits again, and leaves only then', async ({ enter }) => {
  const talk = await makeReviewedTalk(parley.api(), 'To be undone', ['Kay', 'Leo'], { undoSeconds: 60 });
  await park(parley.api(), talk, 'Not yet, please.');
  const page = await enter(parley.admin(), '/drafts');
  await expect(draftOf(page, 'Kay', 'Leo')).toContainText('after an undo window of 60 s');
  await page.keyboard.press('a');
  const toast = notice(page, 'Approved Kay → Leo');
  await expect(toast).toContainText(/Leaves in \d+ s/);
  await page.keyboard.press('u');
  await expect(notice(page, 'waits again')).toBeVisible();
  await expect(listedDrafts(page)).toHaveCount(1);
  await setEdge(parley.api(), talk, { mode: 'pass' });
  await page.keyboard.press('d');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Nothing waits', { exact: true })).toBeVisible();
  await page.goto(`/conversations/${talk.id}`);
  await expect(rows(page, 'Incoming message from Kay')).toHaveCount(0);
});

test('a draft that nobody answers expires by itself, and its author is told', async ({ enter }) => {
  const talk = await makeReviewedTalk(parley.api(), 'Too late', ['Mo', 'Nat'], { expirySeconds: 4 });
  const page = await enter(parley.admin(), `/conversations/${talk.id}`);
  await park(parley.api(), talk, 'Is anybody there?');
  await expect(page.getByRole('region', { name: 'Draft, Mo to Nat' })).toBeVisible();
  await expect(page.getByRole('link', { name: /^Expired/ })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole('region', { name: 'Draft, Mo to Nat' })).toHaveCount(0);
  await expect(rows(page, 'Mo, assistant')).toContainText('I go on.');
  await expect(rows(page, 'Tool return')).toContainText('nobody reviewed');
});
