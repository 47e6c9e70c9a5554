import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { Agent } from '@/lib/protocol/agent';
import { Conversation } from '@/lib/protocol/conversation';
import { Draft } from '@/lib/protocol/draft';
import { AgentMessage } from '@/lib/protocol/message';
import type { FailpointName } from '@/lib/server/failpoint';
import { type ParleyProgram, startParleyProgram } from '@/lib/testing/parley-program';
import { type Answer, type Api, apiOf, errorCodeOf } from './api';
import { createWitness } from './witness';

const TELL = 'send_message_to_agent_async';
const REMEMBER = 'core_memory_append';
const within = { timeout: 30_000, interval: 50 };

type Talk = { id: string; a: string; b: string };
type Script = Record<string, unknown>[];

const Listed = z.object({ items: z.array(z.unknown()) });
const Seen = AgentMessage.extend({ seat: z.string() });
const text = (script: Script) => JSON.stringify({ script });

async function makeAgent(api: Api, name: string, script: Script | null, tools = [TELL]): Promise<string> {
  const blocks = [{ label: 'notes', value: '' }, ...(script ? [{ label: 'script', value: text(script) }] : [])];
  const body = { name, server: 'sandbox', model: 'sandbox/scripted', tools, blocks };
  return Agent.parse(await api.ask({ method: 'POST', path: '/api/agents', body })).id;
}

async function makeTalk(api: Api, name: string): Promise<Talk> {
  const [a, b] = [await makeAgent(api, `${name} a`, null), await makeAgent(api, `${name} b`, [{ say: 'Heard.' }])];
  const edges = [{ from: 'a', to: 'b', mode: 'review', undoSeconds: 0 }];
  const body = { title: name, seats: [{ agentId: a }, { agentId: b }], edges };
  return { id: Conversation.parse(await api.ask({ method: 'POST', path: '/api/conversations', body })).id, a, b };
}

const speak = (api: Api, { id }: Talk, to: string, script: Script) =>
  api.ask({ method: 'POST', path: `/api/conversations/${id}/messages`, body: { to, content: text(script) } });
const tell = (to: string, message: string): Script => [
  { call: { tool: TELL, arguments: { message, other_agent_id: to } } },
  { say: 'Going on.' },
];

async function drafts(api: Api, query: string): Promise<Draft[]> {
  const { items } = Listed.parse(await api.ask({ path: `/api/drafts?limit=500&${query}` }));
  return items.map((item) => Draft.parse(item));
}
const draftNow = async (api: Api, { id }: Draft) => Draft.parse(await api.ask({ path: `/api/drafts/${id}` }));
const stateOf = async (api: Api, { id }: Talk) =>
  Conversation.parse(await api.ask({ path: `/api/conversations/${id}` })).state;

/** How often the agent in a seat has heard something from another agent, as its engine lists it. */
async function heard(api: Api, { id }: Talk, words: string): Promise<number> {
  const seen = (await api.entries(id)).filter(({ type }) => type === 'message.seen');
  return seen
    .map(({ payload }) => Seen.parse(payload))
    .filter(({ seat, messageType, content, runId }) => {
      return seat === 'b' && messageType === 'system_message' && runId !== null && content?.includes(words);
    }).length;
}

/** What a client sees of a program that dies under it is an answer that does not come. */
async function sent(work: Promise<Answer>): Promise<Answer | null> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return null;
  }
}

/** Turns of the walk-through would pass the failpoints too, whenever they come to them. */
async function withoutWalkThrough(api: Api): Promise<Api> {
  const conversations = async () => Listed.parse(await api.ask({ path: '/api/conversations' })).items.length;
  await expect.poll(conversations, within).toBe(1);
  await api.ask({ method: 'DELETE', path: '/api/sandbox/demo' });
  return api;
}

/** The program on one data directory, started again and again. */
function mortal() {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-review-crash-'));
  let running: ParleyProgram | null = null;
  onTestFinished(async () => {
    await running?.kill9();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 300 });
  });
  const start = async (failpoint?: FailpointName): Promise<Api> => {
    await running?.kill9();
    const env: Record<string, string> = failpoint ? { PARLEY_FAILPOINT: `${failpoint}:kill` } : {};
    running = await startParleyProgram({ dataDir, env });
    return apiOf(running.url);
  };
  return {
    start,
    /** Starts it, has it do `work`, and waits until it has died at its failpoint. */
    async dieAt<T>(failpoint: FailpointName, work: (api: Api) => Promise<T>): Promise<T> {
      const api = await start(failpoint);
      const result = await work(api);
      expect(await running?.exited, running?.log()).toBe('SIGKILL');
      return result;
    },
  };
}

const decide = (api: Api, { id, contentHash }: Draft, more: object = { verdict: 'approve' }) => {
  const body = { contentHash, ...more };
  return sent(api.send({ method: 'POST', path: `/api/drafts/${id}/verdict`, body, idempotencyKey: `decide-${id}` }));
};

/** An agent in no conversation that stands at a call which somebody has gated in Letta. */
async function makeStanding(api: Api, name: string): Promise<string> {
  const agentId = await makeAgent(api, name, null, [REMEMBER]);
  const servers = z.object({ items: z.array(z.object({ name: z.string(), url: z.string() })) });
  const { items } = servers.parse(await api.ask({ path: '/api/letta-servers' }));
  const base = `${items.find((server) => server.name === 'sandbox')?.url}/v1/agents/${agentId}`;
  const json = { 'Content-Type': 'application/json' };
  const gated = await fetch(`${base}/tools/approval/${REMEMBER}?requires_approval=true`, { method: 'PATCH' });
  expect(gated.ok, await gated.text()).toBe(true);
  const script = [
    { call: { tool: REMEMBER, arguments: { label: 'notes', content: `noted by ${name}` } } },
    { say: 'x' },
  ];
  const body = JSON.stringify({ messages: [{ role: 'user', content: text(script) }] });
  const said = await fetch(`${base}/messages`, { method: 'POST', headers: json, body });
  expect(said.ok, await said.text()).toBe(true);
  return agentId;
}

test('[DR14] [DR15] [DR19] killed anywhere in the dispatch of drafts, nothing is delivered twice or forgotten, and what is in doubt says so', async () => {
  const parley = mortal();
  const witness = createWitness();
  let api = await withoutWalkThrough(await parley.start());
  const names = ['before_end', 'before_send', 'after_accepted'] as const;
  const talks = new Map<string, Talk>();
  for (const name of names) {
    const talk = await makeTalk(api, name);
    talks.set(name, talk);
    await speak(api, talk, 'a', tell(talk.b, `Hello from ${name}`));
  }
  const standing = [await makeStanding(api, 'Before'), await makeStanding(api, 'After')];
  await expect.poll(async () => (await drafts(api, 'status=pending')).length, within).toBe(5);
  const waiting = await drafts(api, 'status=pending');
  const draftOf = (agentId: string | undefined): Draft => {
    const found = waiting.find(({ from }) => from.agentId === agentId);
    if (!found) throw new Error('a draft is missing');
    return found;
  };
  await witness.examine(api);

  const cases = [
    ...names.map((name) => ({ failpoint: `turn.${name}` as const, draft: draftOf(talks.get(name)?.a) })),
    { failpoint: 'draft.before_answer' as const, draft: draftOf(standing[0]) },
    { failpoint: 'draft.after_answer' as const, draft: draftOf(standing[1]) },
  ];
  const answers = new Map<string, Answer | null>();
  for (const { failpoint, draft } of cases) {
    const answer = await parley.dieAt(failpoint, async (dying) => {
      expect((await draftNow(dying, draft)).contentHash).toBe(draft.contentHash);
      return decide(dying, draft);
    });
    answers.set(draft.id, answer);
  }

  api = await parley.start();
  await witness.examine(api);
  for (const { failpoint, draft } of cases) {
    // What was answered is there; a repeat of what was not gets the answer that it would have got.
    const again = await decide(api, draft);
    expect(again, failpoint).toMatchObject({ status: 200, body: { status: 'approved' } });
    const first = answers.get(draft.id);
    if (first) expect(again, failpoint).toEqual(first);
    const ended = async () => (await draftNow(api, draft)).dispatch?.state;
    await expect.poll(ended, within).toMatch(/delivered|failed/);
    const { dispatch, conversationId } = await draftNow(api, draft);
    const talk = [...talks.values()].find(({ id }) => id === conversationId);
    if (!talk) {
      expect(dispatch?.state, failpoint).toBe('delivered');
      continue;
    }
    expect(await heard(api, talk, draft.content), failpoint).toBeLessThanOrEqual(1);
    if (dispatch?.state === 'delivered') continue;
    expect(dispatch, failpoint).toMatchObject({ canRetry: true, error: expect.stringContaining('Outcome unknown') });
    await retryOnce(api, draft, talk);
  }
  expect((await draftNow(api, draftOf(talks.get('before_send')?.a))).dispatch?.state).toBe('delivered');
  for (const [index, agentId] of standing.entries()) {
    const { blocks } = Agent.parse(await api.ask({ path: `/api/agents/${agentId}` }));
    const notes = blocks.find(({ label }) => label === 'notes')?.value ?? '';
    expect(notes.split('noted by').length - 1, `how often the call of ${index === 0 ? 'Before' : 'After'} ran`).toBe(1);
  }
  await witness.examine(api);
}, 120_000);

async function retryOnce(api: Api, draft: Draft, talk: Talk): Promise<void> {
  const before = await heard(api, talk, draft.content);
  const path = `/api/drafts/${draft.id}/retry`;
  const given = await Promise.all([1, 2].map(() => api.send({ method: 'POST', path })));
  const codes = given.map((answer) => errorCodeOf(answer));
  expect(codes.filter((code) => code === null)).toHaveLength(1);
  expect(codes).toContain('draft.not_failed');
  await expect.poll(async () => (await draftNow(api, draft)).dispatch?.state, within).toBe('delivered');
  await expect.poll(() => heard(api, talk, draft.content), within).toBe(before + 1);
}

test('[SE1] [SE5] [SE8] killed while a person sits down, while the agent is late, and after the seat was handed back, nothing of it is lost', async () => {
  const parley = mortal();
  let api = await withoutWalkThrough(await parley.start());
  const [sitting, late, back] = [
    await makeTalk(api, 'Sitting'),
    await makeTalk(api, 'Late'),
    await makeTalk(api, 'Back'),
  ];
  const path = ({ id }: Talk) => `/api/conversations/${id}/seats/b/takeover`;
  const take = (now: Api, talk: Talk) => now.ask({ method: 'POST', path: path(talk), body: { leaseSeconds: 600 } });
  const facts = async (talk: Talk, type: string) => (await api.entries(talk.id)).filter((entry) => entry.type === type);
  const slowly: Script = [{ say: 'Slowly '.repeat(40), tokenMs: 100 }];

  // Taken, and nobody has told the engine yet that the turn is to end.
  await parley.dieAt('seat.before_interrupt', async (dying) => {
    await speak(dying, sitting, 'b', slowly);
    await expect
      .poll(async () => (await dying.entries(sitting.id)).some(({ type }) => type === 'turn.started'), within)
      .toBe(true);
    await sent(dying.send({ method: 'POST', path: path(sitting), body: { leaseSeconds: 600 } }));
  });
  // Told by the next start; else the end of that turn is where the program of the next step dies.
  api = await parley.start();
  await expect.poll(async () => (await facts(sitting, 'turn.ended')).length, within).toBe(1);
  // What the agent wrote past the person is kept back, and the end of its turn is not recorded yet.
  await parley.dieAt('turn.before_end', async (dying) => {
    await speak(dying, late, 'b', [{ ...tell(late.a, 'Late words')[0], stallMs: 700 }, { say: 'x' }]);
    await expect
      .poll(async () => (await dying.entries(late.id)).some(({ type }) => type === 'turn.started'), within)
      .toBe(true);
    await sent(dying.send({ method: 'POST', path: path(late), body: { leaseSeconds: 600 } }));
  });
  // Handed back, and the agent has not been told yet.
  await parley.dieAt('turn.before_send', async (dying) => {
    await take(dying, back);
    const body = { summary: 'I promised them a reply by noon.' };
    await sent(dying.send({ method: 'DELETE', path: path(back), body, idempotencyKey: 'hand-back' }));
  });

  api = await parley.start();
  for (const talk of [sitting, late]) {
    const { seats } = Conversation.parse(await api.ask({ path: `/api/conversations/${talk.id}` }));
    expect(seats.find(({ id }) => id === 'b')?.holder, 'who sits there').toMatchObject({ personId: 'automation' });
    await expect.poll(async () => (await facts(talk, 'turn.ended')).length, within).toBe(1);
    expect(await facts(talk, 'message.sent')).toEqual([]);
    expect(await facts(talk, 'seat.taken')).toHaveLength(1);
    await api.ask({ method: 'DELETE', path: path(talk) });
    await expect.poll(() => stateOf(api, talk), within).toBe('idle');
    expect(await facts(talk, 'message.sent')).toEqual([]);
  }
  const repeated = await api.send({
    ...{ method: 'DELETE', path: path(back), idempotencyKey: 'hand-back' },
    body: { summary: 'I promised them a reply by noon.' },
  });
  expect(repeated.status, JSON.stringify(repeated.body)).toBe(200);
  expect(await facts(back, 'seat.handed_back')).toHaveLength(1);
  expect((await facts(back, 'message.spoken')).map(({ payload }) => payload?.['content'])).toEqual([
    'I promised them a reply by noon.',
  ]);
  // Told, or said to be in doubt, by an end of its turn that says so.
  await expect.poll(async () => (await facts(back, 'turn.ended')).length, within).toBe(1);
  await expect.poll(() => stateOf(api, back), within).toBe('idle');
}, 120_000);
