import { type Page, request } from '@playwright/test';
import type { Api } from '@/e2e/program/api';
import type { SetEdge } from '@/lib/protocol/conversation';
import { Draft } from '@/lib/protocol/draft';
import { CreatedInvitation } from '@/lib/protocol/invitation';
import { pageOf } from '@/lib/protocol/page';
import { expect, type Visitor } from './journey';
import { ASYNC, makeTalk, scriptText, speak, type Talk } from './scripted-agents';

type EdgeWish = Partial<Omit<SetEdge, 'from' | 'to'>>;

/** A conversation whose first agent's messages to the second wait for a person. Nothing is undoable unless it is wished. */
export async function makeReviewedTalk(
  api: Api,
  title: string,
  names: [string, string],
  edge: EdgeWish = {},
): Promise<Talk> {
  const talk = await makeTalk(api, title, { names, answer: `${names[1]} has read it.` });
  await setEdge(api, talk, edge);
  return talk;
}

export const setEdge = (api: Api, { id }: Talk, edge: EdgeWish): Promise<unknown> =>
  api.ask({
    method: 'PUT',
    path: `/api/conversations/${id}/edges`,
    body: { from: 'a', to: 'b', mode: 'review', undoSeconds: 0, ...edge },
  });

/** Has the first agent write each of these to the second, as calls of one step, and waits until all are parked. */
export async function park(api: Api, talk: Talk, ...messages: string[]): Promise<Draft[]> {
  const before = (await waitingIn(api, talk)).length;
  const calls = messages.map((message) => ({ tool: ASYNC, arguments: { message, other_agent_id: talk.agentIds[1] } }));
  await speak(api, talk, 'a', scriptText([{ calls }, { say: 'I go on.' }]));
  await expect
    .poll(async () => (await waitingIn(api, talk)).length, { timeout: 20_000 })
    .toBe(before + messages.length);
  return waitingIn(api, talk);
}

export const waitingIn = async (api: Api, { id }: Talk): Promise<Draft[]> =>
  pageOf(Draft).parse(await api.ask({ path: `/api/drafts?status=pending&conversationId=${id}&limit=500` })).items;

/** Somebody else who reviews, signed in. */
export async function makeReviewer(api: Api, name: string): Promise<Visitor> {
  const body = { name, role: 'reviewer' };
  const { link } = CreatedInvitation.parse(await api.ask({ method: 'POST', path: '/api/invitations', body }));
  const { origin, searchParams } = new URL(link);
  const context = await request.newContext({ baseURL: origin });
  const answer = await context.post('/api/sign-in/invitation', { data: { token: searchParams.get('invitation') } });
  expect(answer.status(), await answer.text()).toBe(201);
  const storageState = await context.storageState();
  await context.dispose();
  return { url: origin, storageState };
}

/** The draft that stands beside the list. */
export const draftOf = (page: Page, from: string, to: string) =>
  page.getByRole('article', { name: `Draft, ${from} to ${to}` });

export const listedDrafts = (page: Page) => page.getByRole('list', { name: 'Drafts' }).getByRole('listitem');

export const notice = (page: Page, words: string | RegExp) =>
  page
    .getByRole('region', { name: /^Notifications/ })
    .getByRole('listitem')
    .filter({ hasText: words });
