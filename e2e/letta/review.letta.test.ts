import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { apiOf } from '@/e2e/program/api';
import { Conversation } from '@/lib/protocol/conversation';
import { Draft } from '@/lib/protocol/draft';
import type { Entry } from '@/lib/protocol/entry';
import { pageOf } from '@/lib/protocol/page';
import { type ParleyProgram, startParleyProgram } from '@/lib/testing/parley-program';
import { readLettaTranscript } from './letta-transcript';
import { ASYNC, makeTalk, type Talk, WAIT } from './make-talk';
import { pollUntil } from './poll-until';
import { type RealLetta, startRealLetta } from './start-real-letta';

const START_MS = 600_000;
const STEP_MS = 30_000;
const REASON = 'Names are private here.';

describe.runIf(inject('lettaIsHere'))('review and takeover on the real Letta', () => {
  let letta: RealLetta;
  let program: ParleyProgram;
  const talks: Talk[] = [];
  const api = () => apiOf(program.url);
  const say = (text: string, more: object = {}) => ({ kind: 'say' as const, text, ...more });
  const call = (to: string, message: string, tool = ASYNC) => ({
    kind: 'call' as const,
    calls: [{ tool, arguments: { message, other_agent_id: to } }],
  });
  const transcript = async (agentId: string) => (await readLettaTranscript(letta.url, agentId)).lines;
  const heard = async (agentId: string, words: string) =>
    (await transcript(agentId)).filter((line) => line.startsWith('heard') && line.includes(words));

  /** Two agents, and what the first one writes to the second waits for a person. */
  async function reviewed(title: string): Promise<Talk> {
    const talk = await makeTalk(api, letta, title);
    talks.push(talk);
    const body = { from: 'a', to: 'b', mode: 'review', undoSeconds: 0 };
    await api().ask({ method: 'PUT', path: `/api/conversations/${talk.id}/edges`, body });
    return talk;
  }

  /** The one draft of a conversation that waits. */
  async function parked({ id }: Talk): Promise<Draft> {
    let found: Draft | undefined;
    const path = `/api/drafts?status=pending&conversationId=${id}`;
    const isThere = async () => {
      [found] = pageOf(Draft).parse(await api().ask({ path })).items;
      return found !== undefined;
    };
    await pollUntil(isThere, STEP_MS, () => 'no draft is parked');
    return Draft.parse(found);
  }

  const decide = ({ id, contentHash }: Draft, verdict: object) =>
    api().ask({ method: 'POST', path: `/api/drafts/${id}/verdict`, body: { contentHash, ...verdict } });
  const arrived = (draft: Draft) =>
    expect
      .poll(async () => Draft.parse(await api().ask({ path: `/api/drafts/${draft.id}` })).dispatch?.state, {
        timeout: STEP_MS,
      })
      .toBe('delivered');

  beforeAll(async () => {
    letta = await startRealLetta({ log: (line) => process.stdout.write(`${line}\n`) });
    program = await startParleyProgram({ env: { LETTA_BASE_URL: letta.url, PARLEY_SANDBOX: 'off' } });
  }, START_MS);
  afterAll(async () => {
    await program?.stop();
    await letta?.stop();
  }, START_MS);
  afterEach(async () => {
    for (const each of talks.splice(0)) await each.stop();
  });

  it('approve lets through exactly what was shown, once, and the author who waits reads the reply', async () => {
    const talk = await reviewed('Approved');
    const question = letta.model.ask([say('Four, I’d say.')]);
    await talk.tell('a', [call(talk.agents.b, question, WAIT), say('They said:', { quotes: true })]);
    const draft = await parked(talk);
    expect(draft).toMatchObject({ kind: 'message', content: question, status: 'pending' });
    expect(await heard(talk.agents.b, question)).toEqual([]);
    await decide(draft, { verdict: 'approve' });
    await arrived(draft);
    await talk.rest();
    expect(await heard(talk.agents.b, question)).toHaveLength(1);
    const lines = await transcript(talk.agents.a);
    expect(lines.filter((line) => line.startsWith('said: They said:') && line.includes('Four, I’d say.'))).toHaveLength(
      1,
    );
  });

  it('edit: the recipient reads the edited text, and the author that it was edited and what was delivered', async () => {
    const talk = await reviewed('Edited');
    await talk.tell('a', [call(talk.agents.b, 'Tell me everything.'), say('I was told:', { quotes: true })]);
    const draft = await parked(talk);
    const edited = 'Tell me about owls.';
    await decide(draft, { verdict: 'edit', content: edited });
    await arrived(draft);
    await talk.rest();
    expect(await heard(talk.agents.b, edited)).toHaveLength(1);
    expect(await heard(talk.agents.b, 'Tell me everything.')).toEqual([]);
    const [last] = (await transcript(talk.agents.a)).filter((line) => line.startsWith('said'));
    expect(last).toContain('edited your message');
    expect(last).toContain(edited);
  });

  it('respond: the author reads the answer, and nothing is delivered', async () => {
    const talk = await reviewed('Answered');
    await talk.tell('a', [call(talk.agents.b, 'Are you there?'), say('I was told:', { quotes: true })]);
    const draft = await parked(talk);
    await decide(draft, { verdict: 'respond', content: 'They are away until Monday.' });
    await arrived(draft);
    await talk.rest();
    const [last] = (await transcript(talk.agents.a)).filter((line) => line.startsWith('said'));
    expect(last).toContain('They are away until Monday.');
    expect(await transcript(talk.agents.b)).toEqual([]);
  });

  it('reject: the author’s next words react to the reason, and nothing is delivered', async () => {
    const talk = await reviewed('Rejected');
    await talk.tell('a', [call(talk.agents.b, 'Send me all the names.'), say('I see:', { quotes: true })]);
    const draft = await parked(talk);
    await decide(draft, { verdict: 'reject', reason: REASON });
    await arrived(draft);
    await talk.rest();
    const [last] = (await transcript(talk.agents.a)).filter((line) => line.startsWith('said'));
    expect(last).toContain(REASON);
    expect(await transcript(talk.agents.b)).toEqual([]);
  });

  it('a person takes a seat, speaks from it and hands it back; the agent reads the summary and goes on', async () => {
    const talk = await makeTalk(api, letta, 'Taken over');
    talks.push(talk);
    const seat = `/api/conversations/${talk.id}/seats/b/takeover`;
    const taken = Conversation.parse(await api().ask({ method: 'POST', path: seat, body: { leaseSeconds: 300 } }));
    expect(taken.seats[1]?.holder?.name).toBe('automation');
    await talk.tell('a', [call(talk.agents.b, 'Is somebody there?'), say('I wait.')]);
    await talk.until((facts) => facts.some(({ type }) => type === 'message.received'));
    expect(await transcript(talk.agents.b)).toEqual([]);

    const words = letta.model.ask([say('Good to hear from you.')]);
    await api().ask({
      method: 'POST',
      path: `/api/conversations/${talk.id}/messages`,
      body: { as: 'b', content: words },
    });
    await talk.until((facts) => facts.some((fact) => isSaid(fact, 'Good to hear from you.')));
    await talk.rest();
    expect(await heard(talk.agents.a, words)).toHaveLength(1);

    const summary = `We have met. ${letta.model.ask([say('I go on from there.')])}`;
    await api().ask({ method: 'DELETE', path: seat, body: { summary } });
    await talk.until((facts) => facts.some((fact) => isSaid(fact, 'I go on from there.')));
    await talk.rest();
    expect(await heard(talk.agents.b, 'We have met.')).toHaveLength(1);
    const { seats } = Conversation.parse(await api().ask({ path: `/api/conversations/${talk.id}` }));
    expect(seats.map(({ holder }) => holder)).toEqual([null, null]);
  });

  it('what an agent says past Parley while a person sits there is kept back', async () => {
    const talk = await makeTalk(api, letta, 'Late');
    talks.push(talk);
    const seat = `/api/conversations/${talk.id}/seats/b/takeover`;
    await api().ask({ method: 'POST', path: seat, body: {} });
    const content = letta.model.ask([say('A late word.')]);
    const answer = await fetch(`${letta.url}/v1/agents/${talk.agents.b}/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ messages: [{ role: 'user', content }] }),
    });
    expect(answer.ok).toBe(true);
    const facts = await talk.until((all) => all.some(({ type }) => type === 'output.quarantined'));
    const late = facts.find(({ type }) => type === 'output.quarantined');
    expect(late?.payload).toMatchObject({ seat: 'b', content: 'A late word.' });
    const path = `/api/conversations/${talk.id}/quarantine/${late?.id}`;
    const settled = await api().ask({ method: 'POST', path, body: { action: 'drop' } });
    expect(z.object({ entries: z.array(z.object({ type: z.string() })) }).parse(settled).entries).toMatchObject([
      { type: 'output.dropped' },
    ]);
    expect(await transcript(talk.agents.a)).toEqual([]);
    await api().ask({ method: 'DELETE', path: seat, body: {} });
  });
});

const isSaid = (fact: Entry, words: string): boolean =>
  fact.type === 'message.seen' && fact.payload.messageType === 'assistant_message' && fact.payload.content === words;
