import type { Locator, Page } from '@playwright/test';
import { demoAgents, demoAsk, demoHuman, demoPriming } from '@/lib/server/letta/sandbox/demo-agents';

/**
 * The tutorial on connecting agents (docs.letta.com), step by step on Parley's own screens. Nothing here knows a test
 * runner: each step resolves when the screen shows that it is done, and throws when it does not.
 */

const TOOL = 'send_message_to_agent_async';

/** Uses up a sign-in link: gives the first person their name and sets a password. Ends on the overview. */
export async function signInByLink(page: Page, signInUrl: string, name: string): Promise<void> {
  await page.goto(signInUrl);
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('New password').fill(`the password of ${name}`);
  await page.getByRole('button', { name: 'Set the password and go on' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}

/** Makes Alice or Bob with persona, human block and the messaging tool, and resolves with the id that the page shows. */
export async function makeAgent(page: Page, who: keyof typeof demoAgents, model?: string): Promise<string> {
  const { name, persona } = demoAgents[who];
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Agents' }).click();
  await page.getByRole('button', { name: 'Create agent' }).click();
  const form = page.getByRole('dialog', { name: 'Create an agent' });
  await form.getByLabel('Name', { exact: true }).fill(name);
  if (model !== undefined) await form.getByLabel('Model').selectOption(model);
  await form.getByLabel('Persona').fill(persona);
  await form.getByLabel('Human').fill(demoHuman);
  await form.getByLabel(TOOL).check();
  await form.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { level: 2, name }).waitFor();
  return page
    .getByText(/^agent-[0-9a-f-]{36}$/)
    .first()
    .innerText();
}

/** Seats Alice at the left and Bob at the right. Resolves with the id of the conversation. */
export async function openConversation(page: Page, title: string): Promise<string> {
  await page.getByRole('link', { name: 'New conversation' }).click();
  const form = page.getByRole('dialog', { name: 'New conversation' });
  await form.getByLabel('Alice').check();
  await form.getByLabel('Bob').check();
  await form.getByLabel('Title').fill(title);
  await form.getByRole('button', { name: 'Open' }).click();
  await page.getByRole('heading', { name: title }).waitFor();
  await page.waitForURL(/\/conversations\/[0-9a-f-]{36}/);
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

/** Tells Bob that somebody will call. */
export const primeBob = (page: Page, person: string): Promise<void> => say(page, person, 'Bob', demoPriming);

/** Asks Alice to call the agent with this id. */
export const askAlice = (page: Page, person: string, agentId: string): Promise<void> =>
  say(page, person, 'Alice', demoAsk(agentId));

async function say(page: Page, person: string, name: string, words: string): Promise<void> {
  const composer = page.getByLabel(`Message ${name}`);
  await composer.fill(words);
  await composer.press('Enter');
  await rowsNamed(page, `${person}, user`).filter({ hasText: words }).waitFor();
}

/** Rows of both panes by what they are: `Bob, assistant`, `Incoming message from Alice`. */
export const rowsNamed = (page: Page, label: string): Locator => page.getByRole('article', { name: label });

/** Resolves with words that stand at the tail of a pane while no finished row holds them; `within` picks what is waited for. */
export async function wordsBeingWritten(page: Page, side: 'left' | 'right', within = ''): Promise<string> {
  const words = await page.waitForFunction(
    ([wantedSide, part]) => {
      const tails = [...document.querySelectorAll('.caret')].map((caret) => ({
        isLeft: caret.getBoundingClientRect().left < innerWidth / 2,
        text: caret.parentElement?.textContent ?? '',
      }));
      const finished = [...document.querySelectorAll('article')].map((row) => row.textContent ?? '');
      const isNew = (text: string) => text.length > 12 && !finished.some((row) => row.includes(text));
      return tails.find(
        ({ isLeft, text }) => isLeft === (wantedSide === 'left') && text.includes(part ?? '') && isNew(text),
      )?.text;
    },
    [side, within] as const,
  );
  return (await words.jsonValue()) ?? '';
}

/** Presses the name at one end of the first message that arrived, and sees its two ends light up together. */
export async function lightBothEnds(page: Page): Promise<{ author: string; receiver: string }> {
  const arrived = page.locator('[data-in]').first();
  await arrived.waitFor();
  const id = (await arrived.getAttribute('data-in')) ?? '';
  const ends = [page.locator(`[data-out="${id}"]`), page.locator(`[data-in="${id}"]`)] as const;
  const grounds = () =>
    Promise.all(ends.map((end) => end.evaluate((element) => getComputedStyle(element).backgroundColor)));
  const [unlit] = await grounds();
  await rowsNamed(page, 'Message to').filter({ has: ends[0] }).getByRole('button', { name: 'to Bob' }).click();
  await page.mouse.move(0, 0);
  await page.waitForFunction(
    ([end, before]) => {
      const [out, into] = ['out', 'in'].map((name) => document.querySelector(`[data-${name}="${end}"]`));
      if (!out || !into) return false;
      const [lit, other] = [getComputedStyle(out).backgroundColor, getComputedStyle(into).backgroundColor];
      return lit === other && lit !== before;
    },
    [id, unlit] as const,
  );
  return { author: await ends[0].innerText(), receiver: await ends[1].innerText() };
}

/** Stops the conversation on the screen for good. */
export async function stopConversation(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Stop', exact: true }).click();
  await page.getByRole('button', { name: 'Stop conversation' }).click();
  await page.getByRole('main').getByText('Stopped', { exact: true }).first().waitFor();
}

/** A row as the page draws it: `id` as in the transcript, `text` with all white space left out. */
export type DrawnRow = { id: string; text: string };

const TALL = 12_000;

/** Makes the window so high that every row of a walk-through is drawn: the page draws what can be seen. */
export async function makeWindowTall(page: Page): Promise<void> {
  await page.setViewportSize({ width: page.viewportSize()?.width ?? 1440, height: TALL });
}

/** The rows that are drawn in the panes of seats a and b, from top to bottom. */
export async function drawnRows(page: Page): Promise<{ a: DrawnRow[]; b: DrawnRow[] }> {
  const rows = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('article[data-row]')]
      .map((row) => ({
        id: row.dataset['row'] ?? '',
        text: (row.textContent ?? '').replace(/\s+/g, ''),
        top: row.getBoundingClientRect().top,
      }))
      .sort((one, other) => one.top - other.top),
  );
  const rowsOf = (seat: string) =>
    rows.filter(({ id }) => id.startsWith(`${seat}:`)).map(({ id, text }) => ({ id, text }));
  return { a: rowsOf('a'), b: rowsOf('b') };
}
