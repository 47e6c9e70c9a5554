import type { Page } from '@playwright/test';
import { expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { makeTalk, scriptText, speak } from './scripted-agents';

const parley = parleyOfFile();

const RLO = '\u202e';
const ZWSP = '\u200b';
const WORD = 'w'.repeat(5_000);
const MARKUP = [
  '<script>window.hacked = 1</script> <img src="x" onerror="window.hacked = 2"> <b>bold</b>',
  '![a picture](https://evil.example/pixel.png)',
  '[our bank](https://evil.example/login) and [a trick](javascript:window.hacked=3)',
  '<iframe src="https://evil.example/frame"></iframe><style>* { display: none }</style>',
].join('\n\n');
const HIDDEN = `invoice_${RLO}fdp.exe and pay${ZWSP}pal`;

test('what agents write is shown as text, acts on nothing and loads nothing', async ({ enter }) => {
  // What reaches out of the origin, or breaks the policy of the page, fails the test: see journey.ts.
  const name = `Eve <i>${RLO}eve`;
  const api = parley.api();
  const talk = await makeTalk(api, `<script>window.hacked = 4</script>${RLO}title`, { names: [name, 'Mal'] });
  for (const say of [MARKUP, HIDDEN, WORD, '# Heading\n\n| a | b |\n|---|---|\n| 1 | 2 |']) {
    await speak(api, talk, 'b', scriptText([{ say }]));
  }
  const page = await enter(parley.admin(), `/conversations/${talk.id}`);
  const said = page.getByRole('article', { name: 'Mal, assistant' });
  await expect(said).toHaveCount(4);

  await expect(said.nth(0)).toContainText('<script>window.hacked = 1</script>');
  await expect(said.nth(0)).toContainText('<iframe src="https://evil.example/frame">');
  await expect(said.nth(0).getByRole('link', { name: 'our bank (evil.example)' })).toHaveAttribute('rel', /noopener/);
  await expect(said.nth(0).getByRole('link', { name: 'a trick' })).toHaveCount(0);
  await expect(said.nth(1)).toContainText('invoice_U+202Efdp.exe and payU+200Bpal');
  await said.nth(2).getByRole('button', { name: 'Show all 5,000 characters' }).click();
  await expect(said.nth(2)).toContainText(WORD);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('<script>window.hacked = 4</script>U+202Etitle');

  const visited = [`/conversations/${talk.id}`, '/', '/conversations', '/agents', `/agents/${talk.agentIds[0]}`];
  for (const path of visited) {
    await page.goto(path);
    await page.waitForLoadState('networkidle');
    expect(await harmOf(page), path).toEqual({ hacked: null, pictures: 0, frames: 0, sideways: 0 });
    await expect(page.locator('body')).not.toContainText(RLO);
    expect(await page.title(), path).not.toContain(RLO);
  }
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('dialog', { name: 'Delete Eve <i>U+202Eeve?' })).toBeVisible();
  await expect(page.locator('body')).not.toContainText(RLO);
});

/** What hostile text could have done to a page. */
const harmOf = (page: Page) =>
  page.evaluate(() => ({
    hacked: Reflect.get(window, 'hacked') ?? null,
    pictures: document.querySelectorAll('main img').length,
    frames: document.querySelectorAll('iframe').length,
    sideways: Math.max(0, document.documentElement.scrollWidth - window.innerWidth),
  }));

test('every page carries a strict policy, and no script in it that lacks this request’s nonce', async ({ enter }) => {
  const page = await enter(parley.admin());
  const nonces = new Set<string>();
  for (const path of ['/', '/conversations', '/agents', '/settings', '/nowhere', '/sign-in?token=x']) {
    const answer = await page.request.get(path);
    const policy = answer.headers()['content-security-policy'] ?? '';
    const nonce = /script-src [^;]*'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    expect(policy, path).toContain("default-src 'self'");
    expect(policy, path).not.toMatch(/script-src[^;]*('unsafe-inline'|'unsafe-eval')/);
    expect(nonce.length, path).toBeGreaterThan(20);
    nonces.add(nonce);
    const scripts = (await answer.text()).match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.length, path).toBeGreaterThan(0);
    expect(
      scripts.filter((script) => !script.includes(`nonce="${nonce}"`)),
      path,
    ).toEqual([]);
  }
  expect(nonces.size).toBe(6);
});

test('a script without the nonce does not run', async ({ enter, expectNoise }) => {
  expectNoise(/Content Security Policy/);
  const page = await enter(parley.admin());
  await page.evaluate(() => {
    const button = document.createElement('button');
    button.setAttribute('onclick', 'window.hacked = 5');
    document.body.append(button);
    button.click();
    document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.hacked = 6">');
  });
  await expect.poll(() => page.locator('body > img').count()).toBe(1);
  expect(await page.evaluate(() => Reflect.get(window, 'hacked') ?? null)).toBeNull();
});
