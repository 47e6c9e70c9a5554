import { answered, expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { draftOf, listedDrafts, makeReviewedTalk, makeReviewer, notice, park, waitingIn } from './reviewed-talk';

const parley = parleyOfFile();

test('of two people who answer at once one is told who was faster', async ({ enter, expectNoise }) => {
  expectNoise(answered(409));
  const api = parley.api();
  const talk = await makeReviewedTalk(api, 'Raced for', ['Oda', 'Pim']);
  const [draft] = await park(api, talk, 'Who is first?');
  const [ana, jonas] = [parley.admin(), await makeReviewer(api, 'Jonas Feld')];
  const pages = [await enter(ana, `/drafts/${draft?.id}`), await enter(jonas, `/drafts/${draft?.id}`)] as const;
  for (const page of pages) await expect(draftOf(page, 'Oda', 'Pim')).toContainText('Who is first?');
  // The second one answers what is still on the screen: its page is kept from hearing of the first answer.
  await pages[1].context().setOffline(true);
  await pages[0].keyboard.press('a');
  await expect(notice(pages[0], 'Approved Oda → Pim')).toBeVisible();
  await pages[1].route('**/socket.io/**', (route) => route.abort());
  await pages[1].route('**/api/**', (route) => (route.request().method() === 'GET' ? route.abort() : route.continue()));
  expectNoise(/./);
  await pages[1].context().setOffline(false);
  await pages[1].getByRole('button', { name: 'Ignore' }).click();
  await expect(notice(pages[1], 'Ana was faster')).toBeVisible();
});

test('where two people are asked, one alone lets nothing through', async ({ enter }) => {
  const api = parley.api();
  const talk = await makeReviewedTalk(api, 'For two', ['Quin', 'Rob'], { reviewers: 2 });
  const [draft] = await park(api, talk, 'Needs both of you.');
  const first = await enter(parley.admin(), `/drafts/${draft?.id}`);
  await expect(draftOf(first, 'Quin', 'Rob')).toContainText('Yours is the first of two');
  await first.keyboard.press('a');
  await expect(notice(first, 'waits for a second person')).toBeVisible();
  await expect(draftOf(first, 'Quin', 'Rob')).toContainText('You have approved it. It needs a second person.');
  await expect(draftOf(first, 'Quin', 'Rob').getByRole('button', { name: 'Approve' })).toHaveCount(0);
  await expect(draftOf(first, 'Quin', 'Rob').getByRole('button', { name: 'Reject with a reason' })).toBeVisible();
  await first.keyboard.press('u');
  await expect(draftOf(first, 'Quin', 'Rob')).toContainText('Yours is the first of two');
  await first.keyboard.press('a');
  await expect(draftOf(first, 'Quin', 'Rob')).toContainText('You have approved it. It needs a second person.');
  expect(await waitingIn(api, talk)).toHaveLength(1);
  const second = await enter(await makeReviewer(api, 'Jo Second'), `/drafts/${draft?.id}`);
  await expect(draftOf(second, 'Quin', 'Rob')).toContainText('1 of 2: Ana approved');
  await second.keyboard.press('a');
  await expect(notice(second, 'Approved Quin → Rob')).toBeVisible();
  await expect.poll(async () => (await waitingIn(api, talk)).length).toBe(0);
});

test('twenty are approved together but for three that are vetoed, and what arrives meanwhile is left alone', async ({
  enter,
}) => {
  const api = parley.api();
  const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
  const talks = await Promise.all(numbers.map((n) => makeReviewedTalk(api, `Twenty ${n}`, ['Sam', 'Tia'])));
  await Promise.all(talks.map((talk, index) => park(api, talk, `Message ${index + 1} of twenty`)));
  const page = await enter(parley.admin(), '/drafts?q=of+twenty');
  await expect(page.getByRole('listitem').and(page.locator('[aria-setsize="20"]')).first()).toBeVisible();
  await page.keyboard.press('x');
  for (let step = 0; step < 19; step++) await page.keyboard.press('Shift+J');
  const bar = page.getByRole('region', { name: 'Selected drafts' });
  await expect(bar).toContainText('20 selected');
  for (let veto = 0; veto < 3; veto++) await bar.getByRole('button', { name: 'Leave out Sam to Tia' }).first().click();
  await expect(bar).toContainText('17 selected');
  await page.keyboard.press('Shift+A');
  const dialog = page.getByRole('dialog', { name: 'Approve 17 drafts?' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await expect(notice(page, '17 approved.')).toBeVisible();
  await expect(bar).toHaveCount(0);
  await expect(listedDrafts(page)).toHaveCount(3);
  const left = await Promise.all(talks.map((talk) => waitingIn(api, talk)));
  expect(left.flat()).toHaveLength(3);
});

test('a standing rule lets what looks like it pass, is listed with its uses, and is revoked', async ({ enter }) => {
  const api = parley.api();
  const talk = await makeReviewedTalk(api, 'By rule', ['Uma', 'Val']);
  const [draft] = await park(api, talk, 'A harmless greeting');
  const page = await enter(parley.admin(), `/drafts/${draft?.id}`);
  await page.getByRole('button', { name: 'Always pass it' }).click();
  const dialog = page.getByRole('dialog', { name: 'Always pass what looks like this' });
  await dialog.getByLabel('Text').fill('*greeting*');
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toBeHidden();
  await page.keyboard.press('a');
  await expect.poll(async () => (await waitingIn(api, talk)).length).toBe(0);

  await page.goto(`/conversations/${talk.id}`);
  await page.getByLabel('Message Uma').waitFor();
  const [again] = await park(api, talk, 'Something else entirely');
  expect(again?.content).toBe('Something else entirely');
  await page.goto('/settings?section=review');
  const rules = page.getByRole('region', { name: 'Standing rules' });
  await expect(rules).toContainText('from Uma to Val, that match “*greeting*”');
  await expect(page.getByRole('region', { name: 'Gates' }).getByRole('region', { name: 'Uma' })).toContainText(
    'wait for review',
  );
  await rules.getByRole('button', { name: 'Revoke' }).click();
  await expect(rules).toContainText('None.');
});

test('drafts that wait are there again after a restart of the page, with their filter in the address', async ({
  enter,
}) => {
  const api = parley.api();
  const talk = await makeReviewedTalk(api, 'Outliving', ['Wes', 'Xia'], { mode: 'hold' });
  await park(api, talk, 'I can wait.');
  const page = await enter(parley.admin(), '/drafts');
  await page.getByRole('searchbox', { name: 'Filter drafts' }).fill('I can wait');
  await expect(listedDrafts(page)).toHaveCount(1);
  await expect(page).toHaveURL(/q=I/);
  await page.reload();
  await expect(listedDrafts(page)).toHaveCount(1);
  await expect(listedDrafts(page)).toContainText('No deadline');
  await expect(draftOf(page, 'Wes', 'Xia')).toContainText('It has none: it waits until somebody answers.');
});
