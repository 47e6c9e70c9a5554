import type { Page } from '@playwright/test';
import type { Api } from '@/e2e/program/api';
import { expect } from './journey';
import { makeReviewedTalk, park } from './reviewed-talk';
import type { Scene } from './scene';
import { makeTalk } from './scripted-agents';

const REVIEWED = 'Drafts of the scenes';
const HELD = 'A seat of the scenes';

/** Two conversations in which a draft waits, and one in which an agent’s seat can be taken. */
export async function makeReviewScenes(api: Api): Promise<void> {
  const talk = await makeReviewedTalk(api, REVIEWED, ['Cy of the scenes', 'Dot of the scenes'], { mode: 'hold' });
  await park(api, talk, 'The first that waits.\n\nWith *two* lines.');
  const names: [string, string] = ['Gus of the scenes', 'Hal of the scenes'];
  await park(api, await makeReviewedTalk(api, 'Another one waits', names, { reviewers: 2 }), 'The second that waits.');
  await makeTalk(api, HELD, { names: ['Eve of the scenes', 'Fay of the scenes'] });
}

const at = (path: string) => () => path;
const dialog = (page: Page) => expect(page.getByRole('dialog')).toBeVisible();
const conversation = async (page: Page, title: string) => {
  await page.getByRole('link', { name: title }).first().click();
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
};
const card = (page: Page) => page.getByRole('region', { name: 'Draft, Cy of the scenes to Dot of the scenes' }).first();
const isNarrow = (page: Page) => (page.viewportSize()?.width ?? 0) < 900;

async function parked(page: Page): Promise<void> {
  await conversation(page, REVIEWED);
  await expect(card(page).getByRole('button', { name: 'Approve' })).toBeVisible();
}

async function selected(page: Page): Promise<void> {
  const boxes = page.getByRole('checkbox', { name: /^Select/ });
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await expect(page.getByRole('region', { name: 'Selected drafts' })).toContainText('2 selected');
}

/** The reader sits in the second agent’s seat; it may be theirs from a scene before. */
async function held(page: Page): Promise<void> {
  await conversation(page, HELD);
  if (isNarrow(page)) await page.getByRole('tab', { name: 'Fay of the scenes' }).click();
  const speaks = page.getByText('Ana speaks', { exact: true });
  const take = page.getByRole('button', { name: 'Take seat' }).last();
  await expect(speaks.or(take).first()).toBeVisible();
  if (!(await speaks.isVisible())) await take.click();
  await expect(speaks).toBeVisible();
}

/** What stands on the screen while people review and sit in seats. */
export const reviewScenes: readonly Scene[] = [
  { name: 'a draft parked in the channel', path: at('/conversations'), show: parked },
  {
    name: 'a draft that is being edited where it is parked',
    path: at('/conversations'),
    show: async (page) => {
      await parked(page);
      await card(page).getByRole('button', { name: 'Edit' }).click();
      await card(page).getByRole('textbox').fill('The first one that waits.');
      await expect(
        card(page)
          .getByText(/words? (in|out)/)
          .first(),
      ).toBeVisible();
    },
  },
  {
    name: 'a draft of the inbox',
    path: at('/drafts'),
    show: async (page) => {
      await page.getByRole('list', { name: 'Drafts' }).getByRole('link').first().click();
      await expect(page.getByRole('complementary', { name: 'About this draft' })).toBeVisible();
    },
  },
  { name: 'the inbox with several selected', path: at('/drafts'), show: selected },
  {
    name: 'the question before several are rejected',
    path: at('/drafts'),
    show: async (page) => {
      await selected(page);
      await page.getByRole('button', { name: 'Reject all' }).click();
      await dialog(page);
    },
  },
  {
    name: 'the dialog for a standing rule',
    path: at('/drafts'),
    show: async (page) => {
      await page.getByRole('list', { name: 'Drafts' }).getByRole('link').first().click();
      await page.getByRole('button', { name: 'Always ask' }).click();
      await dialog(page);
    },
  },
  {
    name: 'the form of an edge',
    path: at('/conversations'),
    show: async (page) => {
      await parked(page);
      if (isNarrow(page)) await page.getByRole('tab', { name: /Channel/ }).click();
      await page.getByRole('button', { name: /^How messages from Cy/ }).click();
      await dialog(page);
    },
  },
  { name: 'a seat that one holds', path: at('/conversations'), show: held },
  {
    name: 'the question when a seat is handed back',
    path: at('/conversations'),
    show: async (page) => {
      await held(page);
      await page.getByRole('button', { name: 'Hand back' }).click();
      await dialog(page);
    },
  },
];
