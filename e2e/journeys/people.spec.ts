import type { Page } from '@playwright/test';
import { z } from 'zod';
import { apiOf } from '@/e2e/program/api';
import { pageOf } from '@/lib/protocol/page';
import { Person } from '@/lib/protocol/person';
import { ADMIN_KEY, type ParleyProgram, startParleyProgram } from '@/lib/testing/parley-program';
import { answered, expect, test, type Visitor } from './journey';
import { stopWell } from './parley-of-file';
import { makeTalk, speak, type Talk } from './scripted-agents';

test.describe.configure({ mode: 'serial' });

const PASSWORD = 'ana comes back with this';
let program: ParleyProgram;
let ana: Visitor;
let vic: Visitor;
let talk: Talk;

test.beforeAll(async () => {
  program = await startParleyProgram();
  const api = apiOf(program.url);
  talk = await makeTalk(api, 'Watched', { names: ['Mia', 'Noa'], answer: 'Noa has heard it.' });
  await speak(api, talk, 'b', 'Say that you have heard it.');
});
test.afterAll(() => stopWell(program));

test('a request with Authorization is never redirected, not even from the sign-in', async () => {
  const key = { Authorization: `Bearer ${ADMIN_KEY}` };
  for (const path of ['/', '/sign-in', '/conversations']) {
    const { status } = await fetch(`${program.url}${path}`, { headers: key, redirect: 'manual' });
    expect(status, path).toBe(200);
  }
});

test('the sign-in link works once, and a password brings one back', async ({ enter, expectNoise }) => {
  expectNoise(answered(401));
  const page = await enter({ url: program.url }, '/conversations');
  await expect(page).toHaveURL(/\/sign-in\?next=%2Fconversations$/);
  await page.goto(program.signInUrl);
  await expect(page.getByRole('heading', { name: 'Welcome to Parley' })).toBeVisible();
  await page.getByLabel('Your name').fill('Ana');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('New password').fill('short');
  await page.getByRole('button', { name: 'Set the password and go on' }).click();
  await expect(page.getByLabel('New password')).toHaveAccessibleDescription(/10/);
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Set the password and go on' }).click();
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();

  const late = await enter({ url: program.url }, program.signInUrl);
  await late.getByRole('button', { name: 'Sign in' }).click();
  await expect(late.getByRole('alert').first()).toContainText(/used|spent|works once|ended/i);
  await expect(late.getByRole('alert').first()).toContainText('sign-in-link');

  await page.getByRole('button', { name: 'Ana, admin' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByLabel('Name').fill('Ana');
  await page.getByLabel('Password').fill('not what it is');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText(/name or password|not right|wrong/i)).toBeVisible();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
  ana = { url: program.url, storageState: await page.context().storageState() };
});

test('an invitation lets a viewer in, who sees everything and can change nothing', async ({ enter }) => {
  const admin = await enter(ana, '/settings?section=people');
  const invitations = admin.getByRole('region', { name: 'Invitations' });
  await invitations.getByLabel('Role').selectOption('viewer');
  await invitations.getByRole('button', { name: 'Make a link' }).click();
  const link = z.url().parse(await invitations.locator('code').textContent());

  const page = await enter({ url: program.url }, link);
  await page.getByLabel('Your name').fill('Vic');
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page.getByRole('heading', { name: 'You are in, Vic' })).toBeVisible();
  await page.getByRole('button', { name: 'Later' }).click();
  vic = { url: program.url, storageState: await page.context().storageState() };
  await expect(page.getByRole('region', { name: 'Live' }).getByRole('link', { name: 'Watched' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Connect your Letta' })).toHaveCount(0);

  await page.goto('/conversations?new=true');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'New conversation' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Watched' }).click();
  await expect(page.getByRole('article', { name: 'Noa, assistant' })).toContainText('Noa has heard it.');
  await expect(page.getByRole('textbox')).toHaveCount(0);
  await page.getByRole('button', { name: 'More' }).click();
  await expect(page.getByRole('menuitem').first()).toBeVisible();
  await expect(page.getByRole('menuitem', { name: /Rename|Pause|Stop|Archive|Adopt/ })).toHaveCount(0);
  await page.keyboard.press('Escape');

  await page.goto('/agents');
  await expect(page.getByRole('button', { name: 'Create agent' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Mia' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'Mia' })).toBeVisible();
  await expect(page.getByRole('button', { name: /Edit|Delete/ })).toHaveCount(0);
  await page.goto('/settings?section=people');
  await expect(page.getByRole('radio', { name: 'You' })).toBeVisible();
  await expect(page.getByRole('radio', { name: /People|API keys|Workspace/ })).toHaveCount(0);

  const writes = [
    ['post', '/api/agents', { name: 'Eve' }],
    ['post', '/api/conversations', { seats: talk.agentIds.map((agentId) => ({ agentId })) }],
    ['post', `/api/conversations/${talk.id}/messages`, { to: 'a', content: 'Hello' }],
    ['patch', `/api/conversations/${talk.id}`, { state: 'stopped' }],
    ['delete', `/api/agents/${talk.agentIds[0]}`, {}],
    ['post', '/api/keys', { name: 'mine', audience: 'api', role: 'viewer' }],
    ['post', '/api/invitations', { role: 'admin' }],
    ['patch', '/api/settings', { maxTurns: 1 }],
  ] as const;
  for (const [method, path, data] of writes) {
    const answer = await page.request[method](path, { data });
    expect(answer.status(), `${method} ${path}`).toBe(403);
  }
});

test('a viewer whose sessions the admin ends reads so on the open page within five seconds', async ({
  enter,
  expectNoise,
}) => {
  expectNoise(answered(401));
  const [admin, page] = [await enter(ana, '/settings'), await enter(vic, `/conversations/${talk.id}`)];
  await watching(page);
  const people = pageOf(Person).parse(await (await admin.request.get('/api/people')).json());
  const { id } = Person.parse(people.items.find((person) => person.name === 'Vic'));
  const ended = await admin.request.delete(`/api/people/${id}/sessions`, { data: {} });
  expect(ended.status()).toBe(200);
  await expect(page.getByText('The live connection was refused.')).toBeVisible({ timeout: 5_000 });
  await page.reload();
  await expect(page).toHaveURL(/\/sign-in\?next=/);
});

test('a person who is removed is out on the spot', async ({ enter, expectNoise }) => {
  expectNoise(answered(401));
  const admin = await enter(ana, '/settings?section=people');
  const invitations = admin.getByRole('region', { name: 'Invitations' });
  await invitations.getByLabel('Name').fill('Wim');
  await invitations.getByRole('button', { name: 'Make a link' }).click();
  const page = await enter({ url: program.url }, z.url().parse(await invitations.locator('code').textContent()));
  await expect(page.getByRole('heading', { name: 'Welcome, Wim' })).toBeVisible();
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByRole('button', { name: 'Later' }).click();
  await page.goto(`/conversations/${talk.id}`);
  await watching(page);

  await admin.reload();
  const row = admin.getByRole('listitem').filter({ hasText: 'Wim' });
  await row.getByRole('button', { name: 'Remove' }).click();
  await admin.getByRole('dialog', { name: 'Remove Wim?' }).getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('The live connection was refused.')).toBeVisible({ timeout: 5_000 });
  await expect(row).toHaveCount(0);
});

test('what is typed before the page has come to life is not lost', async ({ enter }) => {
  const page = await enter(ana, '/settings?section=keys');
  let live: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    live = resolve;
  });
  await page.route(/\/_next\/static\/.*\.js/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/settings?section=keys', { waitUntil: 'commit' });
  const form = page.getByRole('region', { name: 'New key' });
  await form.getByLabel('Name').fill('typed early');
  live();
  await expect(page.getByText('Connection: Live')).toBeAttached();
  await form.getByLabel('Role').selectOption('reviewer'); // the form is drawn anew
  await expect(form.getByLabel('Name')).toHaveValue('typed early');
});

test('an API key is shown once, works, and is refused from its revocation on', async ({ enter }) => {
  const page = await enter(ana, '/settings?section=keys');
  const form = page.getByRole('region', { name: 'New key' });
  await form.getByLabel('Name').fill('nightly');
  await form.getByLabel('Role').selectOption('viewer');
  await form.getByRole('button', { name: 'Make the key' }).click();
  const key = z
    .string()
    .startsWith('parley_')
    .parse(await form.locator('code').textContent());
  const asked = () => apiOf(program.url, key).send({ path: '/api/conversations' });
  expect((await asked()).status).toBe(200);
  const write = { method: 'POST', path: '/api/agents', body: { name: 'Eve' } };
  expect((await apiOf(program.url, key).send(write)).status).toBe(403);

  await page.reload();
  const keys = page.getByRole('region', { name: 'Keys', exact: true });
  await expect(keys.getByRole('listitem')).toContainText('nightly');
  await expect(keys.getByRole('listitem')).not.toContainText('never used');
  await expect(page.getByText(key)).toHaveCount(0);
  expect(await page.content()).not.toContain(key);

  await keys.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog', { name: 'Revoke nightly?' }).getByRole('button', { name: 'Revoke' }).click();
  await expect(keys.getByText('There is none.')).toBeVisible();
  expect((await asked()).status).toBe(401);
});

/** Live, and all there: what is still being fetched when a session ends leads to the sign-in page instead. */
async function watching(page: Page): Promise<void> {
  await expect(page.getByText('Connection: Live')).toBeAttached();
  await expect(page.getByRole('article', { name: 'Noa, assistant' })).toBeVisible();
  await page.waitForLoadState('networkidle');
}
