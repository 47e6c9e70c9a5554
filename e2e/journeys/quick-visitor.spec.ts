import type { Locator, Page } from '@playwright/test';
import { startParleyProgram } from '@/lib/testing/parley-program';
import { answered, expect, test } from './journey';
import { parleyOfFile, stopWell } from './parley-of-file';
import { draftOf, makeReviewedTalk, notice, park, waitingIn } from './reviewed-talk';
import { makeAgent, makeTalk, type Talk } from './scripted-agents';
import { makeTask, seed } from './task-makers';

const parley = parleyOfFile();
const more = (page: Page) => page.getByRole('main').getByRole('button', { name: 'More', exact: true });
const dialog = (page: Page) => page.getByRole('dialog');

/** A conversation that nothing is said in. */
const quietTalk = (names: [string, string]): Promise<Talk> => makeTalk(parley.api(), names.join(' and '), { names });

async function focusReturns(page: Page, opener: Locator, open: () => Promise<void>): Promise<void> {
  await open();
  await expect(dialog(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
  await expect(opener).toBeFocused();
}

test('what opens over the page gives the focus back to what it was opened with', async ({ enter }) => {
  const talk = await quietTalk(['Abe', 'Bea']);
  const page = await enter(parley.admin(), `/conversations/${talk.id}`);
  const edge = page.getByRole('button', { name: /^How messages from Abe to Bea wait/ });
  await focusReturns(page, edge, () => edge.click());
  await focusReturns(page, more(page), async () => {
    await more(page).click();
    await page.getByRole('menuitem', { name: 'Rename', exact: true }).click();
  });
  const composer = page.getByLabel('Message Abe');
  await composer.focus();
  await focusReturns(page, composer, () => page.keyboard.press('Control+k'));
  await edge.click();
  await dialog(page).getByRole('button', { name: 'Set' }).click();
  await expect(edge).toBeFocused();
  await page.setViewportSize({ width: 390, height: 844 });
  const places = page.getByRole('button', { name: 'Places' });
  await focusReturns(page, places, () => places.click());
});

test('an answer that is left gives the focus back; a control that a press replaces keeps it', async ({ enter }) => {
  const talk = await makeReviewedTalk(parley.api(), 'Left unsaid', ['Cal', 'Dee'], { undoSeconds: 60 });
  const [draft] = await park(parley.api(), talk, 'Shall I?');
  const page = await enter(parley.admin(), `/drafts/${draft?.id}`);
  const respond = draftOf(page, 'Cal', 'Dee').getByRole('button', { name: 'Respond to Cal' });
  await respond.click();
  await expect(page.getByLabel('Your answer to Cal')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(respond).toBeFocused();
  await page.keyboard.press('a');
  await expect(notice(page, 'Leaves in')).toContainText(/Leaves in ([1-5]?\d|60) s/); // never more than there is

  const task = await makeTask(parley.api(), '/paused-by-key');
  await task.report(seed.introduction);
  await page.goto(`/tasks/${task.id}`);
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  for (const [one, other] of [
    ['Pause', 'Resume'],
    ['Take over', 'Hand back'],
  ] as const) {
    await button(one).focus();
    await page.keyboard.press('Enter');
    await expect(button(other)).toBeFocused();
  }
  await button('Hand back').click();
  await page.getByLabel('Instruction to the agent').fill('By Enter, as in a conversation.');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('By Enter, as in a conversation.');
  await expect(page.getByLabel('Instruction to the agent')).toHaveValue('');
});

test('whoever goes back from what they have made finds the list, and not the form again', async ({ enter }) => {
  const page = await enter(parley.admin(), '/agents');
  await page.getByRole('button', { name: 'Create agent' }).click();
  await dialog(page).getByLabel('Name', { exact: true }).fill('Elf');
  await dialog(page).getByRole('checkbox', { name: 'send_message_to_agent_async', exact: true }).check();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { level: 2, name: 'Elf' })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/agents$/);
  await expect(page.getByRole('list', { name: 'Agents' })).toContainText('Elf');
  await expect(dialog(page)).toHaveCount(0);
});

test('choices go by their names alone, however much is told of them', async ({ enter }) => {
  await quietTalk(['Fox', 'Gus']);
  const page = await enter(parley.admin(), '/conversations?new=true');
  // Gus “sits in Fox and Gus”: that is told, and is no part of the name.
  await expect(dialog(page).getByLabel('Gus')).toHaveAccessibleDescription(/sits in “Fox and Gus”/);
  await expect(dialog(page).getByLabel('Fox')).toHaveCount(1);
  await page.getByRole('radio', { name: 'Relayed', exact: true }).click();
  await expect(page.getByRole('radio', { name: 'Relayed', exact: true })).toHaveAccessibleDescription(/round/);
  await page.keyboard.press('Escape');
  await page.goto('/');
  await expect(
    page.getByRole('region', { name: 'Agents' }).getByRole('link', { name: 'Fox', exact: true }),
  ).toBeVisible();
});

test('the layout drawn anew brings no nonce that this document does not know', async ({ enter }) => {
  const page = await enter(parley.admin(), '/agents');
  const nonces = () =>
    page.evaluate(() => [
      Reflect.get(window, '__webpack_nonce__'),
      document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce,
    ]);
  await expect(page.getByRole('button', { name: 'Create agent' })).toBeVisible();
  let drawn = 0;
  page.on('response', (response) => {
    if (response.url().includes('_rsc=')) drawn += 1;
  });
  await page.evaluate(() => {
    const router: { refresh(): void } = Reflect.get(Reflect.get(window, 'next'), 'router');
    router.refresh();
  });
  await expect.poll(() => drawn).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Create agent' }).click();
  await expect(dialog(page)).toBeVisible();
  const [given, own] = await nonces();
  expect(given).toBe(own);
});

test('whoever is too late for a seat is told, also when the stream has shown it before', async ({
  enter,
  expectNoise,
}) => {
  expectNoise(answered(409));
  const talk = await quietTalk(['Hal', 'Ida']);
  const page = await enter(parley.admin(), `/conversations/${talk.id}`);
  const path = `/api/conversations/${talk.id}/seats/b/takeover`;
  await page.route(`**${path}`, async (route) => {
    await parley.api().ask({ method: 'POST', path, body: {} });
    await expect(page.getByText('automation speaks')).toBeVisible();
    await route.continue();
  });
  await page.getByRole('button', { name: 'Take seat' }).last().click();
  await expect(notice(page, 'Ida’s seat was not taken')).toBeVisible();
});

test('several that are answered together can be taken back, also when the list is faster than the answer', async ({
  enter,
}) => {
  const api = parley.api();
  const talk = await makeReviewedTalk(api, 'Alone in the list', ['Jan', 'Kai'], { undoSeconds: 60 });
  await park(api, talk, 'The one of its kind.');
  const page = await enter(parley.admin(), '/drafts?q=one+of+its+kind');
  const bar = page.getByRole('region', { name: 'Selected drafts' });
  await page.getByRole('checkbox', { name: 'Select Jan to Kai' }).check();
  await page.route('**/api/drafts/verdicts', async (route) => {
    const response = await route.fetch();
    await expect(bar).toHaveCount(0);
    await route.fulfill({ response });
  });
  await bar.getByRole('button', { name: 'Approve 1' }).click();
  await dialog(page).getByRole('button', { name: 'Approve 1' }).click();
  await notice(page, '1 approved.').getByRole('button', { name: /^Undo/ }).click();
  await expect.poll(async () => (await waitingIn(api, talk)).length).toBe(1);
});

test('a conversation that is paused says so, and goes on by a press where it says so', async ({ enter }) => {
  const talk = await quietTalk(['Lea', 'Max']);
  const page = await enter(parley.admin(), `/conversations/${talk.id}`);
  await more(page).click();
  await page.getByRole('menuitem', { name: 'Pause the conversation' }).click();
  await page.getByRole('status').filter({ hasText: 'Paused.' }).getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Paused.' })).toHaveCount(0);
});

test('on a telephone a notice covers neither what is answered nor what is sent', async ({ enter }) => {
  await makeAgent(parley.api(), 'Nia');
  const page = await enter(parley.admin(), '/agents', { viewport: { width: 390, height: 844 } });
  await page.getByRole('button', { name: 'Create agent' }).click();
  await dialog(page).getByLabel('Name', { exact: true }).fill('Oto');
  await page.keyboard.press('Control+Enter');
  await expect(notice(page, 'Oto is there.')).toBeVisible();
  await page.getByRole('link', { name: 'New conversation' }).click();
  const open = dialog(page).getByRole('button', { name: /^Open/ });
  const [card, button] = await Promise.all([
    page.getByText('Oto is there.', { exact: true }).boundingBox(),
    open.boundingBox(),
  ]);
  expect(card && button && card.y + card.height < button.y).toBe(true);
});

test('the first sign-in asks for the name before any script has run', async ({ enter }) => {
  const program = await startParleyProgram();
  const page = await enter({ url: program.url }, '/sign-in?token=unused', { javaScriptEnabled: false });
  await expect(page.getByLabel('Your name')).toBeVisible();
  await stopWell(program);
});
