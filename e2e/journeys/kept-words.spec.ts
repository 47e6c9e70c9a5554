import type { Page } from '@playwright/test';
import { expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { makeReviewedTalk, park, setEdge, waitingIn } from './reviewed-talk';
import { ASYNC, calls, makeTalk, scriptText, speak, type Talk } from './scripted-agents';
import { said } from './transcript';

const parley = parleyOfFile();
const takeSeat = (page: Page) => page.getByRole('button', { name: 'Take seat' }).last();
const card = (page: Page, route: string) => page.getByRole('region', { name: `Draft, ${route}` });

/** Goes to the list by a link of the page and comes back by the browser’s own button. */
async function leaveAndComeBack(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Conversations' }).click();
  await expect(page.getByRole('list', { name: 'Conversations' })).toBeVisible();
  await page.goBack();
}

test('what was typed is there again after another page, a reload and a seat taken and lost, and is said by its own seat alone', async ({
  enter,
}) => {
  const talk = await makeTalk(parley.api(), 'Typed and left', { names: ['Kit', 'Lea'] });
  const page = await enter(parley.admin(), `/conversations/${talk.id}`);
  await page.getByLabel('Message Lea').fill('A thought for Lea');
  await leaveAndComeBack(page);
  await expect(page.getByLabel('Message Lea')).toHaveValue('A thought for Lea');
  await page.reload();
  await expect(page.getByLabel('Message Lea')).toHaveValue('A thought for Lea');

  await takeSeat(page).focus();
  await page.keyboard.press('Enter');
  const asLea = page.getByLabel('Write to Kit as Lea');
  await expect(asLea).toBeFocused();
  await expect(asLea).toHaveValue('');
  await expect(page.getByText('To Lea, not sent:')).toBeVisible();
  await asLea.fill('A thought of Lea');
  await page.getByRole('button', { name: 'Hand back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Hand back' }).click();
  await expect(page.getByLabel('Message Lea')).toHaveValue('A thought for Lea');
  await expect(page.getByText('As Lea, not sent:')).toBeVisible();
  await takeSeat(page).click();
  await expect(asLea).toHaveValue('A thought of Lea');
  await asLea.press('Enter');
  await expect(page.getByRole('article', { name: 'Incoming message from Lea' })).toContainText('A thought of Lea');
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByText('not sent:')).toHaveCount(0);
});

test('what no answer came to is tried again as the same, also after another page', async ({ enter, expectNoise }) => {
  expectNoise(/ERR_FAILED/);
  const talk = await makeTalk(parley.api(), 'Without an answer', { names: ['Moe', 'Nan'] });
  const page = await enter(parley.admin(), `/conversations/${talk.id}`);
  // It arrives, and the way back is cut.
  await page.route('**/messages', async (route) => {
    await route.fetch();
    await route.abort();
  });
  await page.getByLabel('Message Moe').fill(scriptText([{ say: 'Once and no more.' }]));
  await page.getByLabel('Message Moe').press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'Not sent' })).toBeVisible();
  await page.unroute('**/messages');
  await leaveAndComeBack(page);
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(page.getByLabel('Message Moe')).toHaveValue('');
  await expect(said(page, 'Once and no more.')).toHaveCount(1);
  const spoken = (await parley.api().entries(talk.id)).filter(({ type }) => type === 'message.spoken');
  expect(spoken).toHaveLength(1);
});

test('a draft that is edited keeps its words while the reader looks elsewhere, and ⌘⏎ sends what one stands in', async ({
  enter,
}) => {
  test.setTimeout(180_000);
  const api = parley.api();
  const talk = await makeReviewedTalk(api, 'Edited and left', ['Ole', 'Pia'], { mode: 'pass' });
  for (let turn = 0; turn < 2; turn++) await speak(api, talk, 'a', calls(talk, 16));
  await expect
    .poll(async () => (await api.entries(talk.id)).filter(({ type }) => type === 'message.received').length, {
      timeout: 120_000,
    })
    .toBe(32);
  await setEdge(api, talk, {});
  await park(api, talk, 'May I come in?');
  const page = await enter(parley.admin(), `/conversations/${talk.id}`);
  const draft = card(page, 'Ole to Pia');
  await draft.getByRole('button', { name: 'Edit' }).click();
  await draft.getByRole('textbox').fill('May we come in?');

  await test.step('scrolled away and back', async () => {
    await page.mouse.move(300, 400);
    await expect(async () => {
      await page.mouse.wheel(0, -4_000);
      await expect(page.getByText('automation opened the conversation')).toBeInViewport({ timeout: 100 });
    }).toPass();
    await page.keyboard.type('!'); // one still stands in the field
    await expect(draft.getByRole('textbox')).toHaveValue('May we come in?!');
    await expect(page.getByLabel('Message Pia')).toBeVisible();
    await page.getByLabel('Message Pia').focus();
    await page.mouse.move(300, 400);
    await expect(async () => {
      await page.mouse.wheel(0, -4_000);
      await expect(draft).toHaveCount(0, { timeout: 100 });
    }).toPass();
    await page.getByRole('button', { name: /^To the end|new$/ }).click();
    await expect(draft.getByRole('textbox')).toHaveValue('May we come in?!');
    await expect(draft.getByRole('textbox')).not.toBeFocused();
  });

  await test.step('what is said to an agent with the same keys leaves the draft alone', async () => {
    await page.getByLabel('Message Pia').fill(scriptText([{ say: 'Only this was said.' }]));
    await page.keyboard.press('Control+Enter');
    await expect(said(page, 'Only this was said.')).toBeVisible();
    expect(await waitingIn(api, talk)).toHaveLength(1);
    await expect(draft.getByRole('textbox')).toHaveValue('May we come in?!');
  });

  await test.step('a stream that stands still does so while older pages come', async () => {
    await page.getByRole('button', { name: 'Pause stream' }).click();
    await page.mouse.move(300, 400);
    await expect(async () => {
      await page.mouse.wheel(0, -6_000);
      await expect(page.getByText('automation opened the conversation')).toBeInViewport({ timeout: 100 });
    }).toPass();
    await speak(api, talk, 'b', scriptText([{ say: 'Said while it stood still.' }]));
    await expect(page.getByRole('button', { name: /^Paused, [1-9]\d* behind/ })).toBeVisible();
    await page.keyboard.press('e');
    await expect(said(page, 'Said while it stood still.')).toHaveCount(0);
    await page.getByRole('button', { name: /^Paused/ }).click();
    await expect(said(page, 'Said while it stood still.')).toBeVisible();
  });

  await test.step('looked at in the inbox, and sent from there', async () => {
    await page.keyboard.press('Control+Shift+J');
    const beside = page.getByRole('article', { name: 'Draft, Ole to Pia' });
    await expect(beside.getByRole('textbox')).toHaveValue('May we come in?!');
    await beside.getByRole('textbox').focus();
    await page.keyboard.press('Control+Enter');
    const arrived = async () =>
      (await api.entries(talk.id)).findLast(({ type }) => type === 'message.received')?.payload;
    await expect.poll(arrived).toMatchObject({ content: 'May we come in?!' });
  });
});

/** The second agent writes to the first, too, and that waits beside what waits already. */
async function parkBack(talk: Talk, message: string, terms: { expirySeconds?: number } = {}): Promise<void> {
  const api = parley.api();
  const edge = { from: 'b', to: 'a', mode: 'review', undoSeconds: 0, ...terms };
  await api.ask({ method: 'PUT', path: `/api/conversations/${talk.id}/edges`, body: edge });
  const call = { tool: ASYNC, arguments: { message, other_agent_id: talk.agentIds[0] } };
  await speak(api, talk, 'b', scriptText([{ call }, { say: 'I go on.' }]));
  await expect.poll(async () => (await waitingIn(api, talk)).length).toBe(2);
}

test('of two that are answered at once the one that one stands in is sent', async ({ enter }) => {
  const api = parley.api();
  const talk = await makeReviewedTalk(api, 'Two at once', ['Quy', 'Ron']);
  await park(api, talk, 'From Quy.');
  await parkBack(talk, 'From Ron.');
  const page = await enter(parley.admin(), `/conversations/${talk.id}`);
  for (const [route, mine] of [
    ['Quy to Ron', 'Not this one.'],
    ['Ron to Quy', 'This one.'],
  ] as const) {
    await card(page, route).getByRole('button', { name: 'Respond' }).click();
    await card(page, route).getByRole('textbox').fill(mine);
  }
  await page.keyboard.press('Control+Enter');
  await expect.poll(async () => (await waitingIn(api, talk)).map(({ content }) => content)).toEqual(['From Quy.']);
});

test('one that comes with a nearer deadline does not take the place of the one that is about to be answered', async ({
  enter,
}) => {
  const talk = await makeReviewedTalk(parley.api(), 'A nearer deadline', ['Sly', 'Tom']);
  await park(parley.api(), talk, 'I was here first.');
  const page = await enter(parley.admin(), `/conversations/${talk.id}`, { viewport: { width: 390, height: 844 } });
  await expect(card(page, 'Sly to Tom')).toContainText('I was here first.');
  await parkBack(talk, 'I am in a hurry.', { expirySeconds: 120 });
  await expect(card(page, 'Sly to Tom')).toContainText('1 more waits');
  await page.getByRole('button', { name: /^1 more waits/ }).click();
  await expect(card(page, 'Tom to Sly')).toContainText('I am in a hurry.');
});

test('in a browser that keeps nothing for pages, they work all the same, and what is typed stays until they are left', async ({
  enter,
}) => {
  const talk = await makeTalk(parley.api(), 'Nothing kept', { names: ['Ova', 'Pim'] });
  const page = await enter(parley.admin());
  await page.addInitScript(() => {
    const refuse = () => {
      throw new DOMException('Storage is refused', 'SecurityError');
    };
    for (const storage of ['localStorage', 'sessionStorage']) Object.defineProperty(window, storage, { get: refuse });
  });
  await page.goto(`/conversations/${talk.id}`);
  await page.getByLabel('Message Ova').fill('Only while the page is open');
  await leaveAndComeBack(page);
  await expect(page.getByLabel('Message Ova')).toHaveValue('Only while the page is open');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitemradio', { name: 'Reasoning open' }).click();
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Drafts' }).click();
  await expect(page.getByRole('region', { name: 'Inbox' })).toBeVisible();
  await page.getByRole('button', { name: 'How new drafts are told' }).click();
  await page.getByRole('menuitemradio', { name: 'With a sound' }).click();
  await page.getByRole('button', { name: 'How new drafts are told' }).click();
  await expect(page.getByRole('menuitemradio', { name: 'With a sound' })).toBeChecked();
});
