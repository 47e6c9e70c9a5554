import type { Page } from '@playwright/test';
import { expectAccessible } from './accessible';
import { answered, expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { sayPastParley } from './past-parley';
import { ASYNC, makeAgent } from './scripted-agents';
import { said } from './transcript';

const parley = parleyOfFile();
const rows = (page: Page, label: string) => page.getByRole('article', { name: label });
const chooseMore = async (page: Page, item: string) => {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
};
const tell = (message: string, to: string) => ({ call: { tool: ASYNC, arguments: { message, other_agent_id: to } } });

/** Two agents with a past, of which one writes to the other inside of Letta. */
async function strangers(names: [string, string], pastTurns: number) {
  const api = parley.api();
  const [one, other] = [
    await makeAgent(api, names[0], [{ say: 'Hm.' }]),
    await makeAgent(api, names[1], [{ say: 'I am.' }]),
  ];
  for (let at = 1; at <= pastTurns; at++) await sayPastParley(api, one, [{ say: `Long ago, ${at}.` }]);
  await sayPastParley(api, one, [tell('Are you there?', other)]);
  return { one, other };
}

test('agents that write to each other inside of Letta appear by themselves, with both ends, and can be adopted', async ({
  enter,
}) => {
  const list = await enter(parley.admin(), '/conversations');
  const { one, other } = await strangers(['Oda', 'Pia'], 0);
  const link = list.getByRole('link', { name: 'Oda and Pia' });
  await expect(link).toBeVisible();
  await link.click();
  const page = list;
  await expect(page.getByText('observed', { exact: true })).toBeVisible();
  await expect(rows(page, 'Incoming message from Oda')).toContainText('Are you there?');
  await expect(rows(page, 'Message to Pia').or(rows(page, 'Message Pia'))).toContainText('Are you there?');
  await expect(said(page, 'I am.')).toBeVisible();

  await test.step('paused, it says that Letta goes on, and Letta does', async () => {
    await chooseMore(page, 'Pause the conversation');
    await expect(page.getByRole('status').filter({ hasText: 'Paused.' })).toContainText('Letta delivers itself');
    await sayPastParley(parley.api(), one, [tell('And now?', other)]);
    await expect(rows(page, 'Incoming message from Oda')).toHaveCount(2);
    await chooseMore(page, 'Resume the conversation');
  });

  await test.step('adopted, Parley carries it and bounds it', async () => {
    await chooseMore(page, 'Adopt');
    await page.getByRole('dialog', { name: 'Adopt this conversation?' }).getByRole('button', { name: 'Adopt' }).click();
    await expect(page.getByText(/^\d+ of \d+ turns/)).toBeVisible();
    await expect(page.getByText('observed', { exact: true })).toHaveCount(0);
    await sayPastParley(parley.api(), one, [tell('By Parley?', other), { say: 'Once more.' }]);
    await expect(rows(page, 'Incoming message from Oda')).toHaveCount(3);
    await expect(said(page, 'Once more.')).toBeVisible();
  });
});

test('older history is read from Letta page by page, says where it came from, and what failed', async ({
  enter,
  expectNoise,
}) => {
  expectNoise(answered(502));
  await strangers(['Quin', 'Rae'], 30);
  const page = await enter(parley.admin(), '/conversations');
  await page.getByRole('link', { name: 'Quin and Rae' }).click();
  await expect(rows(page, 'Incoming message from Quin')).toBeVisible();
  await expect(said(page, 'Long ago, 30.')).toHaveCount(0);
  const past = page.getByRole('region', { name: 'Older history of Quin' });

  await test.step('what fails is said, and can be tried again', async () => {
    const error = { code: 'engine.unavailable', message: 'Letta cannot be reached.', requestId: 'r' };
    await page.route('**/past?*', (route) => route.fulfill({ status: 502, json: { error } }), { times: 1 });
    await past.getByRole('button', { name: 'Read older history from Letta' }).click();
    await expect(past.getByRole('alert')).toContainText('Letta cannot be reached.');
    await past.getByRole('button', { name: 'Try again' }).click();
  });

  await expect(said(page, 'Long ago, 30.')).toBeAttached();
  await expect(past).toContainText('Read from Letta, not in the ledger.');
  await expect(said(page, 'Long ago, 1.')).toHaveCount(0);
  await expect(rows(page, 'Incoming message from Quin')).toBeInViewport();

  await test.step('to the beginning, and nothing of it is recorded', async () => {
    await past.getByRole('button', { name: 'Read older history from Letta' }).click();
    await expect(past).toContainText('Here its thread begins.');
    await said(page, 'Long ago, 1.').scrollIntoViewIfNeeded();
    await expect(said(page, 'Long ago, 1.')).toBeInViewport();
    await expectAccessible(page);
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    expect(JSON.stringify(await parley.api().entries(id))).not.toContain('Long ago');
  });

  await test.step('the end is one key away, and live', async () => {
    await page.keyboard.press('e');
    await expect(rows(page, 'Incoming message from Quin')).toBeInViewport();
  });

  await test.step('on a telephone the pane has it, too', async () => {
    const phone = await enter(parley.admin(), new URL(page.url()).pathname, { viewport: { width: 390, height: 844 } });
    await phone.getByRole('tab', { name: 'Quin' }).click();
    await phone.getByRole('button', { name: 'Read older history from Letta' }).click();
    await expect(said(phone, 'Long ago, 30.')).toBeAttached();
    await expectAccessible(phone);
  });
});
