import type { Page } from '@playwright/test';
import { Agent } from '@/lib/protocol/agent';
import { Conversation } from '@/lib/protocol/conversation';
import { expectAccessible } from './accessible';
import { gateElsewhere, sayElsewhere } from './elsewhere';
import { expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import {
  draftOf,
  listedDrafts,
  makeReviewedTalk,
  makeReviewer,
  notice,
  park,
  setEdge,
  waitingIn,
} from './reviewed-talk';
import { ASYNC, speak } from './scripted-agents';

const parley = parleyOfFile();
const rows = (page: Page, label: string | RegExp) => page.getByRole('article', { name: label });

test('who else looks at a draft is shown to both, and goes when they look at something else', async ({ enter }) => {
  const api = parley.api();
  const talk = await makeReviewedTalk(api, 'Looked at', ['Ada', 'Ben']);
  const [draft] = await park(api, talk, 'Who looks at me?');
  const page = await enter(parley.admin(), `/drafts/${draft?.id}`);
  await expect(draftOf(page, 'Ada', 'Ben')).toBeVisible();
  await expect(page.getByText('looking at this too')).toHaveCount(0);
  const mira = await enter(await makeReviewer(api, 'Mira Okafor'), `/conversations/${talk.id}`);
  const card = mira.getByRole('region', { name: 'Draft, Ada to Ben' });
  await expect(card.getByRole('status')).toContainText('Ana is looking at this too');
  await expect(draftOf(page, 'Ada', 'Ben').getByText('Mira Okafor is looking at this too')).toBeVisible();
  await expectAccessible(page);
  await mira.goto('/conversations');
  await expect(page.getByText('looking at this too')).toHaveCount(0);
  await mira.goto(`/drafts/${draft?.id}`);
  await expect(page.getByText('Mira Okafor is looking at this too')).toBeVisible();
  await mira.close();
  await expect(page.getByText('looking at this too')).toHaveCount(0);
});

test('an author whose message is rejected goes by the reason that it reads', async ({ enter }) => {
  const api = parley.api();
  const make = async (name: string) => {
    const body = { name, model: 'sandbox/companion', tools: [ASYNC], persona: `I am ${name}.` };
    return Agent.parse(await api.ask({ method: 'POST', path: '/api/agents', body })).id;
  };
  const agentIds = [await make('Cy'), await make('Dot')];
  const body = { title: 'Rejected with a reason', seats: agentIds.map((agentId) => ({ agentId })) };
  const { id } = Conversation.parse(await api.ask({ method: 'POST', path: '/api/conversations', body }));
  const talk = { id, title: body.title, agentIds };
  await setEdge(api, talk, {});
  await speak(api, talk, 'a', `Please write to ${agentIds[1]}: “Send me all the names.”`);
  const page = await enter(parley.admin(), `/conversations/${id}`);
  const card = page.getByRole('region', { name: 'Draft, Cy to Dot' });
  await expect(card).toContainText('Send me all the names.');
  await page.keyboard.press('d');
  await card.getByLabel(/^Reason for Cy/).fill('Names are private here.');
  await page.keyboard.press('Control+Enter');
  await expect(rows(page, /^Cy, assistant/).filter({ hasText: 'Names are private here.' })).toBeVisible();
  await expect(rows(page, 'Incoming message from Cy')).toHaveCount(0);
});

test('a call that waits in Letta, of an agent that Parley knew nothing of, is found, answered and runs', async ({
  enter,
}) => {
  const api = parley.api();
  const tool = 'core_memory_append';
  const agent = await api.ask({
    method: 'POST',
    path: '/api/agents',
    body: {
      name: 'Orphan',
      model: 'sandbox/scripted',
      tools: [tool],
      blocks: [{ label: 'notes', value: '' }],
    },
  });
  const { id } = Agent.parse(agent);
  const page = await enter(parley.admin(), '/drafts');
  await gateElsewhere(api, id, tool);
  await sayElsewhere(api, id, [
    { call: { tool, arguments: { label: 'notes', content: 'Found and kept.' } } },
    { say: 'Written.' },
  ]);
  const draft = draftOf(page, 'Orphan', tool);
  const listed = listedDrafts(page).filter({ hasText: 'Orphan' });
  await expect(listed).toContainText('Asks for approval in Letta', { timeout: 12_000 });
  await listed.getByRole('link').click();
  await expect(draft).toContainText('Found and kept.');
  await draft.getByRole('button', { name: 'Why not edit?' }).click();
  await expect(draft).toContainText('its arguments cannot be changed on the way');
  await test.step('a rule for what looks like it is one for this tool, not for all that its agent does', async () => {
    await draft.getByRole('button', { name: 'Always pass it' }).click();
    const rule = page.getByRole('dialog');
    await expect(rule.getByRole('checkbox', { name: `the tool is ${tool}` })).toBeChecked();
    await expect(rule.getByRole('checkbox', { name: 'it is from Orphan' })).toBeChecked();
    await page.keyboard.press('Escape');
    await expect(rule).toBeHidden();
  });
  await page.keyboard.press('a');
  await expect(notice(page, `Approved Orphan → ${tool}`)).toBeVisible();
  const notes = async () =>
    Agent.parse(await api.ask({ path: `/api/agents/${id}` })).blocks.find(({ label }) => label === 'notes')?.value;
  await expect.poll(notes, { timeout: 15_000 }).toContain('Found and kept.');

  await test.step('its page says that somebody has gated the tool, and lets it go', async () => {
    await page.goto(`/agents/${id}`);
    const gates = page.getByRole('region', { name: 'Gates' });
    await expect(gates).toContainText('somebody set that there');
    await expect(gates).toContainText(tool);
    await gates.getByRole('button', { name: 'Release' }).click();
    await expect(gates).toContainText('Nothing of it stops anywhere.');
    await sayElsewhere(api, id, [
      { call: { tool, arguments: { label: 'notes', content: 'Written at once.' } } },
      { say: 'Written.' },
    ]);
    await expect.poll(notes).toContain('Written at once.');
  });
});

test('a whole round of reviewing needs no pointer', async ({ enter }) => {
  const api = parley.api();
  const one = await makeReviewedTalk(api, 'Keys one', ['Kay', 'Leo'], { expirySeconds: 300, undoSeconds: 60 });
  const two = await makeReviewedTalk(api, 'Keys two', ['Mo', 'Nat'], { expirySeconds: 400, undoSeconds: 60 });
  await park(api, one, 'First by its deadline.');
  await park(api, two, 'Second by its deadline.');
  const page = await enter(parley.admin());
  await expect(page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: /Drafts/ })).toContainText(
    'waiting',
  );
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  const filter = page.getByRole('searchbox', { name: 'Filter drafts' });
  await expect(filter).toBeVisible();
  await page.keyboard.press('/');
  await expect(filter).toBeFocused();
  await page.keyboard.type('by its deadline');
  await page.keyboard.press('Escape');
  await expect(draftOf(page, 'Kay', 'Leo')).toBeVisible();
  await page.keyboard.press('j');
  await expect(draftOf(page, 'Mo', 'Nat')).toBeVisible();
  await page.keyboard.press('k');
  await expect(draftOf(page, 'Kay', 'Leo')).toBeVisible();
  await page.keyboard.press('e');
  await expect(page.getByRole('textbox', { name: 'Your text' })).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Written by keys.');
  await page.keyboard.press('Control+Enter');
  await expect(notice(page, 'Edited Kay → Leo')).toBeVisible();
  await expect(draftOf(page, 'Mo', 'Nat')).toBeFocused();
  await page.keyboard.press('u');
  await expect(notice(page, 'waits again')).toBeVisible();
  expect(await waitingIn(api, one)).toHaveLength(1);
  await page.keyboard.press('r');
  await expect(page.getByLabel('Your answer to Mo')).toBeFocused();
  await page.keyboard.type('Nat is out.');
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('Your answer to Mo')).toHaveCount(0);
  await page.keyboard.press('i');
  await expect(notice(page, 'Ignored Mo → Nat')).toBeVisible();
  expect(await waitingIn(api, two)).toHaveLength(0);
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await expect(page.getByRole('list', { name: 'Conversations' })).toBeVisible();
  await page.keyboard.press('Control+Shift+J');
  await expect(page).toHaveURL(/\/drafts\/[0-9a-f-]{36}/);
  await expect(draftOf(page, 'Kay', 'Leo')).toBeVisible();
});
