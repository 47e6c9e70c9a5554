import { expectAccessible } from './accessible';
import { expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { draftOf, listedDrafts, makeReviewedTalk, park } from './reviewed-talk';

const parley = parleyOfFile();
test.use({ viewport: { width: 390, height: 844 } });
const narrow = { viewport: { width: 390, height: 844 } };

test('on a narrow screen list and draft are two pages, and the answers are within a thumb’s reach', async ({
  enter,
}) => {
  const talk = await makeReviewedTalk(parley.api(), 'Narrow inbox', ['Yan', 'Zoe']);
  await park(parley.api(), talk, 'Read me on the train.');
  const page = await enter(parley.admin(), '/drafts', narrow);
  await expect(listedDrafts(page)).toHaveCount(1);
  await expect(draftOf(page, 'Yan', 'Zoe')).toBeHidden();
  await listedDrafts(page).getByRole('link').click();
  await expect(page).toHaveURL(/\/drafts\/[0-9a-f-]{36}/);
  await expect(draftOf(page, 'Yan', 'Zoe')).toContainText('Read me on the train.');
  await expectAccessible(page);
  await page.goBack();
  await expect(listedDrafts(page)).toHaveCount(1);
  await page.goForward();
  await page.getByRole('button', { name: 'All drafts' }).click();
  await expect(listedDrafts(page)).toHaveCount(1);
});

test('in a conversation the draft is a sheet over the tail', async ({ enter }) => {
  const talk = await makeReviewedTalk(parley.api(), 'Narrow channel', ['Abe', 'Bea']);
  const page = await enter(parley.admin(), `/conversations/${talk.id}`, narrow);
  await park(parley.api(), talk, 'Under your thumb.');
  const sheet = page.getByRole('region', { name: 'Draft, Abe to Bea' });
  await expect(sheet).toContainText('Under your thumb.');
  await expect(page.getByRole('tab', { name: /Channel/ })).toContainText('1');
  await expectAccessible(page);
  const approve = sheet.getByRole('button', { name: 'Approve' });
  expect((await approve.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  await page.getByRole('tab', { name: /Channel/ }).click();
  await sheet.getByRole('button', { name: 'Reject' }).click();
  await sheet.getByLabel(/^Reason for Abe/).fill('Not now.');
  await sheet.getByRole('button', { name: 'Send' }).click();
  await expect(sheet).toHaveCount(0);
  await expect(page.getByText(/Rejected by/)).toBeVisible();
});
