import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { percentile } from '@/bench/harness/percentile';
import { apiOf } from '@/e2e/program/api';
import type { Entry } from '@/lib/protocol/entry';
import { SeatId } from '@/lib/protocol/ids';
import { type ParleyProgram, startParleyProgram } from '@/lib/testing/parley-program';
import { type LettaTranscript, readLettaTranscript } from './letta-transcript';
import { ASYNC, makeTalk, type Talk, turnsUnderWay, WAIT } from './make-talk';
import { linesInLedger } from './parley-transcript';
import { type RealLetta, startRealLetta } from './start-real-letta';
import { watchConversation } from './watch-conversation';

const START_MS = 600_000;
const RUNS = 12;
/** Longer than Parley waits for a turn whose server it knows to have been away. */
const PATIENCE_MS = 8_000;
const LONG =
  'This sentence is written slowly, word by word, so that somebody can pull the plug before it ends. '.repeat(6);
const RECEIPT = 'was told: Successfully sent message';
const seats = [SeatId.parse('a'), SeatId.parse('b')] as const;

describe.runIf(inject('lettaIsHere'))('calls that Parley carries on the real Letta', () => {
  let letta: RealLetta;
  let program: ParleyProgram;
  const talks: Talk[] = [];
  const talk = async (title: string) => {
    const made = await makeTalk(() => apiOf(program.url), letta, title);
    talks.push(made);
    return made;
  };
  const call = (tool: string, to: string, message: string) => ({
    kind: 'call' as const,
    calls: [{ tool, arguments: { message, other_agent_id: to } }],
  });
  const say = (text: string) => ({ kind: 'say' as const, text });
  const listed = (agentId: string): Promise<LettaTranscript> => readLettaTranscript(letta.url, agentId);

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

  /** Ledger and listing tell the same of both agents, and nothing came twice. */
  async function holdAgainstLetta(one: Talk): Promise<void> {
    const conversation = await one.conversation();
    for (const seat of seats) {
      const { lines, inputs } = await listed(seat === 'a' ? one.agents.a : one.agents.b);
      // What an agent heard is read from the listing, a moment after its turn has ended.
      const ledger = async () => linesInLedger(conversation, await one.entries(), seat);
      await expect.poll(ledger, { message: `seat ${seat}` }).toEqual(lines);
      expect(new Set(inputs.map(({ text }) => text)).size, `what seat ${seat} heard came once`).toBe(inputs.length);
    }
  }

  it('gives an author who waits the reply, in the server’s own form', async () => {
    const one = await talk('Waiting');
    const question = letta.model.ask([say('Four, I’d say.')]);
    await one.tell('a', [call(WAIT, one.agents.b, question), say('They say four.')]);
    await one.until(hasSaid('They say four.'));
    await one.rest();
    const { lines } = await listed(one.agents.a);
    expect(lines.slice(2)).toEqual([
      `was told: {'agent_id': '${one.agents.b}', 'response': ['Four, I’d say.']}`,
      'said: They say four.',
    ]);
    expect((await listed(one.agents.b)).inputs.map(({ text }) => text)).toEqual([
      `[Incoming message from agent with ID '${one.agents.a}' - your response will be delivered to the sender] ${question}`,
    ]);
    await holdAgainstLetta(one);
  });

  it('lets no circle of waiting close: a call that waits is refused, one that does not is taken', async () => {
    const one = await talk('Circle');
    const back = letta.model.ask([say('I have read your note.')]);
    const question = letta.model.ask([
      call(WAIT, one.agents.a, 'And what do you think?'),
      call(ASYNC, one.agents.a, back),
      say('Ask me later.'),
    ]);
    await one.tell('a', [call(WAIT, one.agents.b, question), say('I will ask later.')]);
    await one.until(hasSaid('I have read your note.'));
    await one.rest();
    const [a, b] = [await listed(one.agents.a), await listed(one.agents.b)];
    expect(b.lines.filter((line) => line.startsWith('was told'))).toEqual([
      expect.stringContaining('is waiting for you, so waiting for'),
      expect.stringMatching(/^was told: Message taken; .* will read it when the present turn has ended\.$/),
    ]);
    expect(a.lines.filter((line) => line.startsWith('said'))).toEqual([
      'said: I will ask later.',
      'said: I have read your note.',
    ]);
    await holdAgainstLetta(one);
  });

  it('carries the call of an agent to whom somebody speaks outside Parley', async () => {
    const one = await talk('Outside');
    const words = letta.model.ask([say('Somebody called me.')]);
    const content = letta.model.ask([call(ASYNC, one.agents.b, words), say('I have called them.')]);
    const answer = await fetch(`${letta.url}/v1/agents/${one.agents.a}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messages: [{ role: 'user', content }] }),
    });
    expect(answer.status).toBe(200);
    await one.until((facts) => hasSaid('I have called them.')(facts) && hasSaid('Somebody called me.')(facts));
    await one.rest();
    expect((await listed(one.agents.a)).lines.filter((line) => line.startsWith('was told'))).toEqual([RECEIPT]);
    await holdAgainstLetta(one);
  });

  it('brings the receiver’s first words soon after the call', { timeout: 120_000 }, async () => {
    const one = await talk('Latency');
    const watched = await watchConversation(program.url, one.id);
    for (let run = 1; run <= RUNS; run += 1) {
      const words = letta.model.ask([say(`Heard, number ${run}.`)]);
      await one.tell('a', [call(ASYNC, one.agents.b, words), say(`Called, number ${run}.`)]);
      await one.until((facts) => hasSaid(`Heard, number ${run}.`)(facts) && hasSaid(`Called, number ${run}.`)(facts));
      await one.rest();
    }
    watched.close();
    const firstWords: number[] = [];
    const toDelivery: number[] = [];
    for (const { entry, atMs } of watched.entries) {
      if (entry.type === 'message.received') toDelivery.push(Number(entry.payload?.['latencyMs']));
      if (entry.type !== 'message.sent') continue;
      const isCall = ({ entry: seen }: { entry: typeof entry }) =>
        seen.type === 'message.seen' &&
        seen.payload?.['messageId'] === entry.payload?.['messageId'] &&
        seen.payload?.['messageType'] === 'approval_request_message';
      const calledMs = watched.entries.find(isCall)?.atMs ?? atMs;
      const first = watched.deltas.find(({ delta }) => delta.turnId === entry.payload?.['turnId']);
      firstWords.push((first?.atMs ?? Number.POSITIVE_INFINITY) - calledMs);
    }
    expect(firstWords).toHaveLength(RUNS);
    console.log(
      `call → receiver’s first token, ${RUNS} runs: ${figures(firstWords)}; call → delivered: ${figures(toDelivery)}`,
    );
    expect(percentile(firstWords, 0.5), 'Letta’s own tool takes 3,000 ms and more').toBeLessThan(3_000);
    await holdAgainstLetta(one);
  });

  describe('when Parley itself is killed', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'parley-killed-'));
    let doomed: ParleyProgram;
    const start = async (more: Record<string, string> = {}) => {
      const env = { LETTA_BASE_URL: letta.url, PARLEY_SANDBOX: 'off', ...more };
      doomed = await startParleyProgram({ dataDir, env });
    };
    const doomedTalk = (title: string) => makeTalk(() => apiOf(doomed.url), letta, title);
    afterEach(() => doomed?.stop());
    afterAll(() => {
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    });

    // Of each turn: the person's words to a, the message to b, the answer to a.
    it.each([
      ['before the message has left', 'turn.before_send:kill@2', true],
      ['before the answer has left', 'turn.before_send:kill@3', false],
      ['when Letta has just taken the message', 'turn.after_accepted:kill@2', false],
      ['before it has recorded the call', 'turn.before_end:kill@1', false],
    ])('%s, it finishes when it comes back, or says that it cannot know', async (when, failpoint, isInDoubt) => {
      await start({ PARLEY_FAILPOINT: failpoint });
      const one = await doomedTalk(when);
      const words = letta.model.ask([say('Heard once.')]);
      await one.tell('a', [call(ASYNC, one.agents.b, words), say('Called once.')]);
      expect(await doomed.exited).toBe('SIGKILL');
      await start();
      if (isInDoubt) await settle(doomed, one);
      await one.until((facts) => hasSaid('Heard once.')(facts) && hasSaid('Called once.')(facts));
      await one.rest();
      await holdAgainstLetta(one);
      expect((await listed(one.agents.a)).lines.slice(2)).toEqual([RECEIPT, 'said: Called once.']);
      expect(letta.model.turnsOf(words)).toBe(1);
      await one.stop();
    });

    it('hears the reply of an agent that takes its time, although it was away meanwhile', async () => {
      await start();
      const one = await doomedTalk('Patience');
      const enough = Promise.withResolvers<void>();
      const question = letta.model.ask([{ ...say('Now I know.'), after: enough.promise }]);
      await one.tell('a', [call(WAIT, one.agents.b, question), say('They know.')]);
      await one.until((facts) => facts.some(({ type }) => type === 'message.received'));
      await doomed.kill9();
      await start();
      setTimeout(enough.resolve, PATIENCE_MS);
      await one.until(hasSaid('They know.'));
      await one.rest();
      expect((await listed(one.agents.a)).lines[2]).toContain("'response': ['Now I know.']");
      await holdAgainstLetta(one);
      await one.stop();
    });
  });

  it('[CV59] ends a turn that was killed with Letta, also when Parley is killed meanwhile and once more', {
    timeout: 300_000,
  }, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'parley-stormy-'));
    const env = { LETTA_BASE_URL: letta.url, PARLEY_SANDBOX: 'off' };
    let stormy = await startParleyProgram({ dataDir, env });
    const again = async () => {
      await stormy.kill9();
      stormy = await startParleyProgram({ dataDir, env });
    };
    const health = async () => JSON.stringify(await apiOf(stormy.url).ask({ path: '/api/health' }));
    const becomes = (state: string) => expect.poll(health, { timeout: 30_000 }).toContain(`"state":"${state}"`);
    const one = await makeTalk(() => apiOf(stormy.url), letta, 'Stormy');
    await one.tell('a', [{ ...say(LONG), slowly: true }]);
    const active = () => fetch(`${letta.url}/v1/runs/?agent_id=${one.agents.a}&active=true`).then((all) => all.text());
    await expect.poll(active, { timeout: 10_000 }).toContain('"running"');
    await letta.crash();
    await becomes('lost');
    await again();
    await becomes('lost');
    await letta.restart();
    await becomes('connected');
    await again();
    await becomes('connected');
    await one.rest(15_000);
    const ends = (await one.facts()).filter((fact) => fact.type === 'turn.ended');
    expect(ends).toMatchObject([{ payload: { seat: 'a', stopReason: 'lost' } }]);
    expect(await active()).toBe('[]');
    await one.tell('a', [say('The storm is over.')]);
    await one.until(hasSaid('The storm is over.'));
    await one.stop();
    await stormy.stop();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  });

  it('shows what a Letta that is killed in mid-turn has lost, and doubles nothing', { timeout: 240_000 }, async () => {
    const told = await talk('Told');
    const waiting = await talk('Waiting');
    const answered = await talk('Answered');
    const spoken = await talk('Spoken');
    const slow = letta.model.ask([{ kind: 'say', text: LONG, slowly: true }]);
    const slowReply = letta.model.ask([{ kind: 'say', text: LONG, slowly: true }]);
    const quick = letta.model.ask([say('Noted.')]);
    await Promise.all([
      told.tell('a', [call(ASYNC, told.agents.b, slow), say('I told them.')]),
      waiting.tell('a', [call(WAIT, waiting.agents.b, slowReply), say('So be it.')]),
      answered.tell('a', [call(ASYNC, answered.agents.b, quick), { ...say('It is done.'), thinkMs: 20_000 }]),
      spoken.tell('b', [{ ...say('Never heard.'), thinkMs: 20_000 }]),
    ]);
    await told.until((facts) => hasSaid('I told them.')(facts) && turnsUnderWay(facts, 'b') === 1);
    await waiting.until((facts) => facts.some(({ type }) => type === 'message.received'));
    await expect.poll(async () => (await listed(answered.agents.a)).lines, { timeout: 30_000 }).toContain(RECEIPT);
    await answered.until(hasSaid('Noted.'));
    await letta.crash();
    await letta.restart();
    for (const one of [told, waiting, answered, spoken]) await one.rest(60_000);

    for (const [one, seat] of [
      [told, 'b'],
      [waiting, 'b'],
      [spoken, 'b'],
      [answered, 'a'],
    ] as const) {
      const lost = (await one.facts()).filter((fact) => fact.type === 'turn.ended' && fact.payload.error);
      expect(lost).toMatchObject([{ payload: { seat, stopReason: 'lost' } }]);
    }
    expect((await listed(waiting.agents.a)).lines.slice(2)).toEqual([
      expect.stringContaining('could not answer'),
      'said: So be it.',
    ]);
    // Letta keeps an answer as soon as it is given: only what the author would have said then is gone.
    expect((await listed(answered.agents.a)).lines.slice(2)).toEqual([RECEIPT]);
    expect((await listed(answered.agents.b)).lines).toEqual([expect.stringContaining(quick), 'said: Noted.']);
    for (const agentId of [told.agents.b, waiting.agents.b, spoken.agents.b]) {
      expect((await listed(agentId)).lines).toEqual([]);
    }

    for (const one of [told, waiting, answered, spoken]) {
      await one.tell('a', [say('I am here again.')]);
      await one.tell('b', [say('And so am I.')]);
      await one.until((facts) => hasSaid('I am here again.')(facts) && hasSaid('And so am I.')(facts));
    }
  });
});

/** Sends the one message again of which nobody knows whether it arrived, as a person does who has looked. */
async function settle(program: ParleyProgram, one: Talk): Promise<void> {
  const facts = await one.until((all) => all.some(({ type }) => type === 'message.delivery_failed'));
  const [failed] = facts.flatMap((fact) => (fact.type === 'message.delivery_failed' ? [fact.payload] : []));
  expect(failed).toMatchObject({ outcome: 'outcome_unknown' });
  const path = `/api/conversations/${one.id}/conveyances/${failed?.conveyanceId}`;
  await apiOf(program.url).ask({ method: 'POST', path, body: { action: 'retry' } });
}

const hasSaid = (text: string) => (facts: readonly Entry[]) =>
  facts.some(
    (fact) =>
      fact.type === 'message.seen' && fact.payload.messageType === 'assistant_message' && fact.payload.content === text,
  );

const figures = (samples: readonly number[]): string =>
  ['min', 'p50', 'max'].map((name, index) => `${name} ${Math.round(percentile(samples, index / 2))} ms`).join(', ');
