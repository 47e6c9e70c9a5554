import type { Page } from '@playwright/test';
import { z } from 'zod';
import { expect, type Visitor } from './journey';
import type { ParleyOfFile } from './parley-of-file';
import { makeReviewScenes, reviewScenes } from './review-scenes';
import type { Scene } from './scene';
import { ASYNC, calls, makeTalk, scriptText, speak, type Talk } from './scripted-agents';
import { makeAllKindsOfTasks } from './task-makers';

const conversation = ({ id }: Talk) => `/conversations/${id}`;
const agent = ({ agentIds }: Talk) => `/agents/${agentIds[0]}`;
const at = (path: string) => () => path;

const seen = (name: string) => (page: Page) => expect(page.getByText(name).first()).toBeVisible();
const press = (page: Page, name: string | RegExp) =>
  page
    .getByRole('button', { name, exact: typeof name === 'string' })
    .first()
    .click();
const dialog = (page: Page) => expect(page.getByRole('dialog')).toBeVisible();
const menu = (page: Page) => expect(page.getByRole('menu')).toBeVisible();
const rowsThere = (page: Page) => expect(page.getByRole('article').last()).toBeVisible();

/** Presses a button once the page around it is there, and waits for what it opens. */
const opened =
  (there: (page: Page) => Promise<unknown>, name: string | RegExp, then: (page: Page) => Promise<unknown>) =>
  async (page: Page) => {
    await there(page);
    await press(page, name);
    await then(page);
  };

const chosenInMore = (item: string) => async (page: Page) => {
  await opened(rowsThere, 'More', menu)(page);
  await page.getByRole('menuitem', { name: item, exact: true }).click();
  await dialog(page);
};

export const scenes: readonly Scene[] = [
  { name: 'the sign-in', path: at('/sign-in'), show: seen('Password'), outside: true },
  {
    name: 'a spent sign-in link',
    path: at('/sign-in?token=spent'),
    show: opened(seen('Sign in'), 'Sign in', (page) => expect(page.getByRole('alert').first()).toBeVisible()),
    outside: true,
    statuses: [401],
  },
  {
    name: 'an invitation that does not work',
    path: at('/sign-in?invitation=none'),
    show: seen('This invitation does not work'),
    outside: true,
    statuses: [401, 404],
  },
  { name: 'the overview', path: at('/'), show: seen('All kinds of rows') },
  {
    name: 'who talks to whom, with the messages behind a figure',
    path: at('/'),
    show: async (page) => {
      const matrix = page.getByRole('region', { name: 'Who talks to whom?' });
      await matrix.getByRole('button', { name: /^Ada of the scenes to Ben/ }).click();
      await expect(matrix.getByRole('link').first()).toBeVisible();
    },
  },
  {
    name: 'the form for one’s own Letta with what the doctor found',
    path: at('/?connect=true'),
    show: async (page) => {
      await page.getByRole('radio', { name: 'REST' }).click();
      await page.getByLabel('Address').fill('http://127.0.0.1:9');
      await press(page, 'Connect');
      await seen('What to do')(page);
    },
  },
  { name: 'the conversations', path: at('/conversations'), show: seen('All kinds of rows') },
  {
    name: 'the dialog for a new conversation with what is wrong in it',
    path: at('/conversations?new=true'),
    show: async (page) => {
      await page.getByLabel('Most turns').fill('none');
      await press(page, /^Open/);
      await seen('Pick at least two agents.')(page);
      await page.getByLabel('First message').fill('Hello');
    },
  },
  {
    name: 'a conversation with all kinds of rows',
    path: conversation,
    show: async (page) => {
      await rowsThere(page);
      await page
        .getByRole('button', { name: /^Reasoning/ })
        .first()
        .click();
    },
  },
  { name: 'the other pane', path: conversation, show: (page) => page.getByRole('tab').last().click(), only: 'narrow' },
  {
    name: 'the channel by itself',
    path: conversation,
    show: (page) => page.getByRole('tab', { name: 'Channel' }).click(),
    only: 'narrow',
  },
  { name: 'the menu of a conversation', path: conversation, show: opened(rowsThere, 'More', menu) },
  { name: 'the dialog for a title', path: conversation, show: chosenInMore('Rename') },
  { name: 'the question before a stop', path: conversation, show: chosenInMore('Stop') },
  { name: 'the fleet', path: at('/tasks'), show: seen('/sync-claude-md') },
  { name: 'the figures of the fleet', path: at('/tasks?view=numbers'), show: seen('How long do handoffs take?') },
  {
    name: 'a task at an error, with what was refused',
    path: at('/tasks'),
    show: async (page) => {
      await page.getByRole('link', { name: '/stands-at-an-error' }).click();
      await expect(page.getByRole('log')).toContainText('refused');
    },
  },
  {
    name: 'what was measured in one stretch of a chart',
    path: at('/tasks?view=numbers'),
    show: async (page) => {
      const chart = page.getByRole('region', { name: 'How long do acknowledgements take?' });
      await chart.getByRole('group').getByRole('button').last().click();
      await expect(chart.getByRole('link').first()).toBeVisible();
    },
  },
  {
    name: 'a task that is over, as plain text',
    path: at('/tasks'),
    show: async (page) => {
      await page.getByRole('link', { name: '/sync-claude-md' }).click();
      await opened(seen('Evidence'), 'Plain text', dialog)(page);
    },
  },
  {
    name: 'the question before a task is cancelled',
    path: at('/tasks'),
    show: async (page) => {
      await page.getByRole('link', { name: '/waits-for-its-agent' }).click();
      await opened(seen('How its agent reports'), 'Cancel task', dialog)(page);
    },
  },
  {
    name: 'the form for a new task with what is wrong in it',
    path: at('/tasks?new=true'),
    show: async (page) => {
      await press(page, /^Make it/);
      await expect(page.getByLabel('Command')).toHaveAttribute('aria-invalid', 'true');
    },
  },
  { name: 'the agents', path: at('/agents'), show: seen('Ada of the scenes') },
  {
    name: 'the form for a new agent with what is wrong in it',
    path: at('/agents?new=true'),
    show: async (page) => {
      await press(page, 'Another block');
      await press(page, /^Create/);
      await expect(page.getByLabel('Name', { exact: true })).toHaveAttribute('aria-invalid', 'true');
    },
  },
  { name: 'an agent', path: agent, show: seen('Memory') },
  { name: 'the form for an agent', path: agent, show: opened(seen('Memory'), /^Edit/, dialog) },
  { name: 'the question before an agent is deleted', path: agent, show: opened(seen('Memory'), 'Delete', dialog) },
  ...(['You', 'Letta servers', 'Review', 'People', 'API keys', 'Workspace'] as const).map((section) => ({
    name: `the settings: ${section}`,
    path: at('/settings'),
    show: async (page: Page) => {
      await page.getByRole('radio', { name: section }).click();
      await page.waitForLoadState('networkidle');
    },
  })),
  {
    name: 'a secret that is shown once',
    path: at('/settings?section=people'),
    show: opened(seen('Invitations'), 'Make a link', (page) =>
      expect(page.getByRole('main').locator('code')).toBeVisible(),
    ),
  },
  { name: 'the page that is not there', path: at('/nowhere'), show: seen('nothing at this address'), statuses: [404] },
  {
    name: 'an agent that is not there',
    path: at('/agents/agent-00000000-0000-4000-8000-000000000000'),
    show: seen('There is no such agent.'),
    statuses: [404],
  },
  {
    name: 'the palette',
    path: at('/'),
    show: async (page) => {
      await seen('All kinds of rows')(page);
      await page.keyboard.press('Control+k');
      await page.keyboard.type('all');
      await expect(page.getByRole('option', { name: 'All kinds of rows' })).toBeVisible();
    },
  },
  {
    name: 'the sheet of all keys',
    path: conversation,
    show: async (page) => {
      await rowsThere(page);
      await page.keyboard.press('?');
      await dialog(page);
    },
  },
  { name: 'the menu of a person', path: at('/'), show: opened(seen('Live'), /, admin$/, menu) },
  { name: 'the menu of themes', path: at('/'), show: opened(seen('Live'), 'Theme', menu), only: 'wide' },
  ...reviewScenes,
  { name: 'the places', path: at('/'), show: opened(seen('Live'), 'Places', dialog), only: 'narrow' },
];

/** A conversation with a row of every kind that the sandbox can bring about. */
export async function makeAllKindsOfRows(parley: ParleyOfFile): Promise<Talk> {
  const api = parley.api();
  const names: [string, string] = ['Ada of the scenes', 'Ben of the scenes'];
  const talk = await makeTalk(api, 'All kinds of rows', { names, answer: 'I **heard** it.' });
  const markdown = [
    'A *message* with `code`, a [link](https://example.org) and pay\u200bpal.',
    '> quoted',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    '```\nconst answer = 42;\n```',
    '- [x] done',
  ].join('\n\n');
  await speak(api, talk, 'a', calls(talk, 2));
  for (const script of [
    [{ reason: 'I think **aloud**.', say: markdown }],
    [
      { call: { tool: ASYNC, arguments: { message: 'To nobody', other_agent_id: 'agent-nobody' } } },
      { say: 'A pity.' },
    ],
    [{ reason: 'This will not end well.', fail: 'llm_rate_limit' as const }],
    [{ say: 'long '.repeat(800) }],
  ]) {
    await speak(api, talk, 'a', scriptText(script));
  }
  await speak(api, talk, 'b', 'A word to the other one.');
  await makeAllKindsOfTasks(api);
  await makeReviewScenes(api);
  const state = async () =>
    z.object({ state: z.string() }).parse(await api.ask({ path: `/api/conversations/${talk.id}` })).state;
  await expect.poll(state, { timeout: 20_000 }).toBe('idle');
  return talk;
}

/** Who sees a scene. */
export const visitorOf = ({ outside }: Scene, admin: Visitor): Visitor => (outside ? { url: admin.url } : admin);
