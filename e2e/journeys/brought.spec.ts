import type { Page, Route } from '@playwright/test';
import { expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { makeTalk, scriptText, speak } from './scripted-agents';
import { panesInLedger, panesOnScreen, said } from './transcript';

const parley = parleyOfFile();

/** Holds back what the page asks of the API, and every script that its document does not name, until it is let go. */
async function holdBack(page: Page, path: string): Promise<() => Promise<void>> {
  const document = await (await page.request.get(path)).text();
  const named = new Set(document.match(/static\/chunks\/[^"'\\?<> ]+\.js/g));
  const held: Route[] = [];
  let isHolding = true;
  const pass = async (route: Route) => (isHolding ? void held.push(route) : route.continue());
  await page.route('**/_next/static/chunks/*.js', (route) =>
    [...named].some((name) => route.request().url().includes(name)) ? route.continue() : pass(route),
  );
  await page.route('**/api/**', pass);
  return async () => {
    isHolding = false;
    for (const route of held) await route.continue();
  };
}

test('[LV49] a conversation is there with its document; what happens until the page is live follows, each once', async ({
  enter,
}) => {
  const api = parley.api();
  const talk = await makeTalk(api, 'Brought', { names: ['Nan', 'Olm'], answer: 'Olm heard it.' });
  await speak(api, talk, 'b', 'Are you there?');
  const page = await enter(parley.admin(), '/settings');
  await expect.poll(async () => (await panesInLedger(api, talk.id)).b).toContain('assistant: Olmheardit.');
  const letGo = await holdBack(page, `/conversations/${talk.id}`);
  await page.goto(`/conversations/${talk.id}`, { waitUntil: 'commit' }); // what is held back holds back its load, too
  await expect(said(page, 'Olm heard it.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Brought');
  await expect(page).toHaveTitle('Brought · Parley');
  await page.getByLabel('Message Nan').fill('Typed before anything else was loaded');

  await speak(api, talk, 'b', scriptText([{ say: 'Said in between.' }]));
  await expect.poll(async () => (await panesInLedger(api, talk.id)).b).toContain('assistant: Saidinbetween.');
  await expect(said(page, 'Said in between.')).toHaveCount(0);
  await letGo();
  await expect(said(page, 'Said in between.')).toBeVisible();
  await expect(page).toHaveTitle('Brought · Parley');
  await expect(page.getByLabel('Message Nan')).toHaveValue('Typed before anything else was loaded');
  expect(await panesOnScreen(page)).toEqual(await panesInLedger(api, talk.id));

  await test.step('on the way back it is as it is now, not as it was when it was first read', async () => {
    await page.getByRole('link', { name: 'Settings' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Settings');
    await speak(api, talk, 'b', scriptText([{ say: 'Said behind their back.' }]));
    await expect.poll(async () => (await panesInLedger(api, talk.id)).b).toContain('assistant: Saidbehindtheirback.');
    await page.goBack();
    await expect(said(page, 'Said behind their back.')).toBeVisible();
    expect(await panesOnScreen(page)).toEqual(await panesInLedger(api, talk.id));
  });
});

test('what is said can do nothing to the document that brings it', async ({ enter }) => {
  const api = parley.api();
  const talk = await makeTalk(api, '$L1</script><script>window.hacked = 1</script>', { names: ['Pia', 'Quo'] });
  const texts = [
    '</script><script>window.hacked = 2</script><!--<script>',
    '$undefined',
    '$$ $L2 $Q1 \u2028 \u2029 \\u003c/script> ]]> \\',
    '{"__proto__":{"hacked":3},"then":"$F1","toJSON":"x"}',
  ];
  for (const say of texts) await speak(api, talk, 'b', scriptText([{ say }]));
  const ledger = () => panesInLedger(api, talk.id);
  await expect
    .poll(async () => (await ledger()).b.filter((each) => each.startsWith('assistant')).length, { timeout: 20_000 })
    .toBe(4);
  const page = await enter(parley.admin(), '/settings');
  await holdBack(page, `/conversations/${talk.id}`);
  await page.goto(`/conversations/${talk.id}`, { waitUntil: 'commit' }); // what is held back holds back its load, too
  const rows = page.getByRole('article', { name: 'Quo, assistant' });
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(0)).toContainText('</script><script>window.hacked = 2</script>');
  await expect(rows.nth(1)).toContainText('$undefined');
  await expect(rows.nth(3)).toContainText('"then":"$F1"');
  expect(await page.evaluate(() => Reflect.get(window, 'hacked') ?? null)).toBeNull();
  expect(await page.evaluate(() => Reflect.get({}, 'hacked') ?? null)).toBeNull();
});
