import type { Page } from '@playwright/test';
import { answered, expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { calls, makeAgent, makeTalk, scriptText, speak, type Talk } from './scripted-agents';
import { said } from './transcript';

const parley = parleyOfFile();
const pathOf = ({ id }: Talk) => `/conversations/${id}`;

const rows = (page: Page, label: string) => page.getByRole('article', { name: label });
const chooseMore = async (page: Page, item: string) => {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
};
const say = async (page: Page, name: string, words: string) => {
  await page.getByLabel(`Message ${name}`).fill(words);
  await page.getByLabel(`Message ${name}`).press('Enter');
  await expect(page.getByLabel(`Message ${name}`)).toHaveValue('');
};

test('the dialog says what is missing and who is taken, and then opens the conversation with the first message', async ({
  enter,
  expectNoise,
}) => {
  expectNoise(answered(409));
  const api = parley.api();
  await makeTalk(api, 'Taken', { names: ['Taken One', 'Taken Two'] });
  for (const name of ['Ida', 'Jon']) await makeAgent(api, name, [{ say: `${name} is here.` }]);
  const page = await enter(parley.admin(), '/conversations');
  await expect(page.getByRole('link', { name: 'Taken', exact: true })).toBeVisible();
  await page.keyboard.press('n');
  const form = page.getByRole('dialog', { name: 'New conversation' });
  await form.getByLabel('Most turns').fill('none');
  await form.getByRole('button', { name: 'Open' }).click();
  await expect(form.getByText('Pick at least two agents.')).toBeVisible();
  await expect(form.getByText('A whole number from 1 to 10,000.')).toBeVisible();
  await form.getByLabel('Most turns').fill('3');
  await form.getByLabel('Ida').check();
  await form.getByLabel('Taken One').check();
  await form.getByRole('button', { name: 'Open' }).click();
  await expect(form.getByText('Taken One already sits in a running conversation.')).toBeVisible();
  await form.getByLabel('Taken One').uncheck();
  await form.getByLabel('Jon').check();
  await form.getByLabel('First message').fill('Say who is there.');
  await form.getByRole('radio', { name: 'Jon' }).click();
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ida and Jon');
  await expect(rows(page, 'Jon, assistant')).toContainText('Jon is here.');
  await expect(page.getByText('0 of 3 turns')).toBeVisible();
});

test('paused, nothing goes out; let go on, it does', async ({ enter }) => {
  const talk = await makeTalk(parley.api(), 'To be paused', { names: ['Kim', 'Lou'], answer: 'Lou is listening.' });
  const page = await enter(parley.admin(), pathOf(talk));
  await chooseMore(page, 'Pause the conversation');
  await expect(page.getByRole('status').filter({ hasText: 'Paused.' })).toBeVisible();
  await say(page, 'Lou', 'Are you there?');
  await expect(rows(page, 'Ana, user')).toContainText('waits for the agent');
  await expect(rows(page, 'Lou, assistant')).toHaveCount(0);
  await chooseMore(page, 'Resume the conversation');
  await expect(rows(page, 'Lou, assistant')).toContainText('Lou is listening.');
  await expect(page.getByRole('status').filter({ hasText: 'Paused.' })).toHaveCount(0);
});

test('a new title stands everywhere at once', async ({ enter }) => {
  const talk = await makeTalk(parley.api(), 'Old name');
  const [page, list] = [await enter(parley.admin(), pathOf(talk)), await enter(parley.admin(), '/conversations')];
  await expect(list.getByRole('link', { name: 'Old name' })).toBeVisible();
  await chooseMore(page, 'Rename');
  const dialog = page.getByRole('dialog', { name: 'Rename' });
  await expect(dialog.getByLabel('Title')).toBeFocused();
  await dialog.getByLabel('Title').fill('New name');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('New name');
  await expect(page).toHaveTitle('New name · Parley');
  await expect(list.getByRole('link', { name: 'New name' })).toBeVisible();
});

test('past its turn limit a conversation stops and says so; more turns are given before', async ({ enter }) => {
  const talk = await makeTalk(parley.api(), 'Short of turns', { names: ['Max', 'Nia'], maxTurns: 2 });
  const page = await enter(parley.admin(), pathOf(talk));
  await expect(page.getByText('0 of 2 turns')).toBeVisible();
  await chooseMore(page, 'More turns');
  const dialog = page.getByRole('dialog', { name: 'More turns' });
  await dialog.getByRole('spinbutton').fill('3');
  await dialog.getByRole('button', { name: 'Set' }).click();
  await expect(dialog).toBeHidden(); // the page behind may know of it before the dialog has its answer
  await expect(page.getByText('0 of 3 turns')).toBeVisible();
  await say(page, 'Max', calls(talk, 5));
  await expect(page.getByRole('status').filter({ hasText: 'Stopped.' })).toContainText(/3 (turns|messages)|limit/i);
  await expect(rows(page, 'Incoming message from Max')).toHaveCount(3);
  await expect(page.getByRole('textbox')).toHaveCount(0);
});

test('stopping is asked about, cannot be taken back, and frees the agents', async ({ enter }) => {
  const talk = await makeTalk(parley.api(), 'To be stopped', { names: ['Oda', 'Pim'] });
  const page = await enter(parley.admin(), pathOf(talk));
  await chooseMore(page, 'Stop');
  const question = page.getByRole('dialog', { name: 'Stop “To be stopped”?' });
  await expect(question.getByRole('button', { name: 'Keep' })).toBeFocused();
  await question.getByRole('button', { name: 'Stop conversation' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Stopped.' })).toContainText('Stopped by a person.');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await expect(page.getByRole('menuitem', { name: /^(Pause|Resume|More turns|Stop)/ })).toHaveCount(0);
  await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Open another conversation' }).click();
  await page.getByRole('button', { name: 'New conversation' }).click();
  const form = page.getByRole('dialog', { name: 'New conversation' });
  await form.getByLabel('Oda').check();
  await form.getByLabel('Pim').check();
  await form.getByLabel('First message').fill(scriptText([{ say: 'Here we go again.' }]));
  await form.getByRole('radio', { name: 'Pim' }).click();
  await form.getByRole('button', { name: 'Open' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Oda and Pim');
  await expect(rows(page, 'Pim, assistant')).toContainText('Here we go again.');
});

test('a turn that fails stands there with the engine’s own words', async ({ enter }) => {
  const talk = await makeTalk(parley.api(), 'Failing', { names: ['Quin', 'Rob'] });
  const page = await enter(parley.admin(), pathOf(talk));
  await say(page, 'Quin', scriptText([{ reason: 'I will try.', fail: 'llm_rate_limit' }]));
  const ended = rows(page, 'Turn ended');
  await expect(ended).toContainText('the script asked for llm_rate_limit');
  await say(page, 'Quin', scriptText([{ say: 'Now it works.' }]));
  await expect(rows(page, 'Quin, assistant')).toContainText('Now it works.');
});

test('the list says how each conversation stands and filters by state and by words', async ({ enter }) => {
  const [one, two] = [await makeTalk(parley.api(), 'Filter me'), await makeTalk(parley.api(), 'Filter me too')];
  await parley.api().ask({ method: 'PATCH', path: `/api/conversations/${two.id}`, body: { state: 'paused' } });
  await speak(parley.api(), one, 'a', 'Hello');
  const page = await enter(parley.admin(), '/conversations');
  await page.keyboard.press('/');
  await page.keyboard.type('filter me');
  await expect(page.getByRole('list', { name: 'Conversations' }).getByRole('listitem')).toHaveCount(2);
  await page.getByRole('radio', { name: /^Paused/ }).click();
  await expect(page.getByRole('list', { name: 'Conversations' }).getByRole('listitem')).toHaveText(/Filter me too/);
  await expect(page).toHaveURL(/state=paused/);
  await page.reload();
  await expect(page.getByRole('list', { name: 'Conversations' }).getByRole('listitem')).toHaveText(/Filter me too/);
});

test('what is being written becomes a row in one step: never there twice, never gone', async ({ enter }) => {
  const talk = await makeTalk(parley.api(), 'Written live', { names: ['Sol', 'Tia'] });
  const page = await enter(parley.admin(), pathOf(talk));
  await expect(page.getByLabel('Message Sol')).toBeVisible();
  const words = ['One two three.', 'Four five six.', 'Seven eight nine.', 'Ten, and that is all.'];
  const counts = await page.evaluateHandle(countEachChange, words);
  for (const say of words) {
    await speak(parley.api(), talk, 'a', scriptText([{ say, tokenMs: 30 }]));
    await expect(said(page, say)).toBeVisible();
  }
  expect(await counts.evaluate((changes) => [...changes.values()])).toEqual(words.map(() => [0, 1]));
});

/** In the page: how often each of the texts stands in it, noted whenever that changes. */
function countEachChange(words: string[]): Map<string, number[]> {
  const changes = new Map(words.map((text) => [text, [0]]));
  const look = () => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const now = new Map<string, number>();
    while (texts.nextNode()) {
      const text = texts.currentNode.nodeValue ?? '';
      now.set(text, (now.get(text) ?? 0) + 1);
    }
    for (const [text, counts] of changes) {
      const count = now.get(text) ?? 0;
      if (counts.at(-1) !== count) counts.push(count);
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, characterData: true, subtree: true });
  return changes;
}
