import type { Page } from '@playwright/test';
import { Agent } from '@/lib/protocol/agent';
import { Conversation } from '@/lib/protocol/conversation';
import type { SandboxScript } from '@/lib/server/letta/sandbox/scripted';
import { expectAccessible } from './accessible';
import { expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { ASYNC, makeAgent, scriptText } from './scripted-agents';
import { said } from './transcript';

const parley = parleyOfFile();
const rows = (page: Page, label: string | RegExp) => page.getByRole('article', { name: label });
const chooseMore = async (page: Page, item: string) => {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
};
const say = async (page: Page, name: string, script: SandboxScript['script']) => {
  await page.getByLabel(`Message ${name}`).fill(scriptText(script));
  await page.getByLabel(`Message ${name}`).press('Enter');
  await expect(page.getByLabel(`Message ${name}`)).toHaveValue('');
};
const tell = (message: string, to: string) => ({ call: { tool: ASYNC, arguments: { message, other_agent_id: to } } });

async function openTalk(agentIds: string[], more: object): Promise<string> {
  const body = { seats: agentIds.map((agentId) => ({ agentId })), ...more };
  const made = await parley.api().ask({ method: 'POST', path: '/api/conversations', body });
  return `/conversations/${Conversation.parse(made).id}`;
}

test('what Letta delivers by itself is one message with two ends; who says nothing, and what fails, says so', async ({
  enter,
}) => {
  const api = parley.api();
  const [ada, ben] = [await makeAgent(api, 'Ada'), await makeAgent(api, 'Ben', [{ say: 'Welcome.' }])];
  const page = await enter(parley.admin(), await openTalk([ada, ben], { title: 'By Letta', conveyance: 'engine' }));
  await say(page, 'Ada', [tell('Good morning', ben), { say: 'Said so.' }]);
  await expect(rows(page, 'Incoming message from Ada')).toContainText('Good morning');
  await expect(said(page, 'Welcome.')).toBeVisible();
  await expect(page.getByText('watched', { exact: true })).toBeVisible();
  const end = rows(page, 'Incoming message from Ada').getByRole('button', { name: /Ada/ });
  await end.click();
  await expect(rows(page, /^Message .*Ben/)).toBeFocused();
  await say(page, 'Ada', [{ nothing: true }]);
  await expect(page.getByText('No answer.')).toBeVisible();
  await say(page, 'Ada', [{ fail: 'llm_rate_limit' }]);
  const failed = rows(page, /^Turn ended: The model failed/);
  await expect(failed).toContainText('llm_rate_limit');
  await expect(failed).toContainText('another model');
});

test('a relay goes to and fro until its limit, and says why it stopped', async ({ enter }) => {
  const api = parley.api();
  const agents = [await makeAgent(api, 'Cleo', [{ say: 'Ping.' }]), await makeAgent(api, 'Dov', [{ say: 'Pong.' }])];
  const page = await enter(
    parley.admin(),
    await openTalk(agents, { title: 'To and fro', conveyance: 'relay', maxTurns: 4 }),
  );
  await say(page, 'Cleo', [{ say: 'Begin.' }]);
  await expect(page.getByRole('status').filter({ hasText: 'Stopped.' })).toContainText(/limit|4 turns/);
  await expect(page.getByText('4 of 4 turns')).toBeVisible();
  await expect(rows(page, 'Incoming message from Cleo')).toHaveCount(2);
  await expect(rows(page, 'Incoming message from Dov')).toHaveCount(2);
  await expect(page.getByRole('textbox')).toHaveCount(0);
});

test('three agents, two panes: who is not shown is named, counted, and one press away', async ({ enter }) => {
  const api = parley.api();
  const ivo = await makeAgent(api, 'Ivo', [{ say: 'Ivo heard it.' }]);
  const gus = await makeAgent(api, 'Gus', [tell('Pass it on', ivo), { say: 'Passed on.' }]);
  const fay = await makeAgent(api, 'Fay');
  const page = await enter(parley.admin(), await openTalk([fay, gus, ivo], { title: 'Three of them' }));
  const seats = page.getByRole('group', { name: 'Seats side by side' });
  await expect(seats.getByRole('button', { pressed: true })).toHaveCount(2);
  await say(page, 'Fay', [tell('Pass this on', gus), { say: 'Off it goes.' }]);
  await expect(said(page, 'Passed on.')).toBeVisible();
  await expect(rows(page, /^Message .*Ivo/)).toContainText('Pass it on');
  await expect(said(page, 'Ivo heard it.')).toHaveCount(0);
  await expectAccessible(page);
  await seats.getByRole('button', { name: /Ivo/ }).click();
  await expect(said(page, 'Ivo heard it.')).toBeVisible();
  await expect(rows(page, 'Incoming message from Gus')).toContainText('Pass it on');
  await expect(said(page, 'Off it goes.')).toHaveCount(0);
});

test('what an agent writes into its memory is a difference at its moment, and its page has the new text', async ({
  enter,
}) => {
  const body = {
    name: 'Hal',
    model: 'sandbox/scripted',
    tools: ['core_memory_replace'],
    blocks: [{ label: 'human', value: 'Dana likes tea.' }],
  };
  const hal = Agent.parse(await parley.api().ask({ method: 'POST', path: '/api/agents', body })).id;
  const page = await enter(
    parley.admin(),
    await openTalk([hal, await makeAgent(parley.api(), 'Jem')], { title: 'What is remembered' }),
  );
  const change = { label: 'human', old_content: 'tea', new_content: 'coffee' };
  await say(page, 'Hal', [{ call: { tool: 'core_memory_replace', arguments: change } }, { say: 'Noted.' }]);
  const memory = rows(page, /^Memory human changed/);
  await expect(memory.getByRole('deletion')).toContainText('tea');
  await expect(memory.getByRole('insertion')).toContainText('coffee');
  await expectAccessible(page);
  await page.getByRole('heading', { level: 2 }).getByRole('link', { name: 'Hal' }).click();
  await expect(page.getByText('Dana likes coffee.')).toBeVisible();
});

test('a conversation is taken along as Markdown and as JSON', async ({ enter }) => {
  const api = parley.api();
  const [kai, lea] = [await makeAgent(api, 'Kai'), await makeAgent(api, 'Lea', [{ say: 'Received.' }])];
  const page = await enter(parley.admin(), await openTalk([kai, lea], { title: 'To take along' }));
  await say(page, 'Kai', [tell('Seven owls', lea), { say: 'Told her.' }]);
  await expect(said(page, 'Told her.')).toBeVisible();
  for (const [item, name] of [
    ['Export as Markdown', /\.md$/],
    ['Export as JSON', /\.json$/],
  ] as const) {
    const [download] = await Promise.all([page.waitForEvent('download'), chooseMore(page, item)]);
    expect(download.suggestedFilename()).toMatch(name);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk));
    const text = Buffer.concat(chunks).toString('utf8');
    expect(text).toContain('Seven owls');
    expect(text).toContain('Told her.');
  }
});
