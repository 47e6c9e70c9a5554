import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { framesOf, scriptOf, startTestSandbox, type TestSandbox, typesOf } from './test-sandbox';

const append = { tool: 'core_memory_append', arguments: { label: 'notes', content: 'kept' } };
const notes = { memory_blocks: [{ label: 'notes', value: 'none' }], tools: ['core_memory_append'] };

describe('turns that do not end well', () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await startTestSandbox();
  });
  afterAll(() => sandbox.drop());

  const lastRun = async (agentId: string) => (await sandbox.client.runs.list({ agent_id: agentId, limit: 1 })).items[0];
  const said = (content: string) => ({ messages: [{ role: 'user' as const, content }] });

  it.each([
    ['llm_error', 500, 'llm_error'],
    ['llm_rate_limit', 429, 'llm_rate_limit'],
    ['llm_authentication', 401, 'llm_authentication'],
    ['llm_bad_request', 400, 'llm_error'],
  ] as const)('answers %s with %i, and in a stream with a frame of its own', async (fail, status, streamed) => {
    const agent = await sandbox.agent();
    await expect(sandbox.say(agent.id, scriptOf({ fail }))).rejects.toMatchObject({
      status,
      error: { error: { type: fail, message: expect.any(String), detail: expect.stringContaining(fail) } },
    });
    expect(await lastRun(agent.id)).toMatchObject({ status: 'failed', metadata: { error: expect.any(String) } });

    const frames = await sandbox.stream(agent.id, { stream_tokens: true, ...said(scriptOf({ fail })) });
    expect(typesOf(frames)).toEqual(['ping', 'stop_reason', 'error_message', '[DONE]']);
    expect(frames.map((frame) => frame.event)).toEqual([null, null, 'error', null]);
    const run = await lastRun(agent.id);
    expect(framesOf(frames, 'error_message')).toEqual([
      expect.objectContaining({ error_type: streamed, run_id: run?.id, detail: expect.stringContaining(fail) }),
    ]);
    expect(run).toMatchObject({
      status: 'failed',
      stop_reason: 'llm_api_error',
      metadata: { error: { error_type: streamed } },
    });
    expect(await sandbox.transcript(agent.id)).toHaveLength(1);
  });

  it('makes the real client give the stop reason and then throw without a status', async () => {
    const agent = await sandbox.agent();
    const seen: unknown[] = [];
    const read = async () => {
      const body = { streaming: true as const, ...said(scriptOf({ fail: 'llm_error' })) };
      for await (const frame of await sandbox.client.agents.messages.create(agent.id, body))
        seen.push(frame.message_type);
    };
    await expect(read()).rejects.toMatchObject({ status: undefined, error: { error_type: 'llm_error' } });
    expect(seen).toEqual(['ping', 'stop_reason']);
  });

  it('keeps the steps before a failure, calls it an internal error, and the run completed', async () => {
    const agent = await sandbox.agent(notes);
    const script = scriptOf({ call: append }, { fail: 'llm_error' });
    const frames = await sandbox.stream(agent.id, { stream_tokens: true, ...said(script) });
    expect(typesOf(frames).slice(-2)).toEqual(['stop_reason', 'error_message']);
    expect(framesOf(frames, 'error_message')[0]).toMatchObject({ error_type: 'internal_error' });
    expect(await lastRun(agent.id)).toMatchObject({ status: 'completed', stop_reason: 'llm_api_error' });
    const types = (await sandbox.transcript(agent.id)).map((message) => message.message_type);
    expect(types.slice(1)).toEqual(['user_message', 'tool_call_message', 'tool_return_message']);
  });

  it('fails a turn whose script does not parse, with what is wrong in it', async () => {
    const agent = await sandbox.agent();
    await expect(sandbox.say(agent.id, '{"script": [{"shout": "no"}]}')).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('shout'),
    });
  });

  it.each(['the run', 'whatever runs', 'the run, at another instance'])(
    'stops a stream in the middle when %s is cancelled; nothing is kept',
    async (what) => {
      const agent = await sandbox.agent();
      const script = scriptOf({ stallMs: 600_000, stallAfterTokens: 2, say: 'One two three four.' });
      const { client } = what.includes('another') ? await sandbox.again() : sandbox;
      let cancelled: unknown = null;
      const frames = await sandbox.stream(agent.id, { stream_tokens: true, ...said(script) }, async (seen) => {
        const run = await lastRun(agent.id);
        const named = what === 'whatever runs' ? {} : { run_ids: [run?.id ?? ''] };
        if (seen.length >= 3) cancelled ??= await client.agents.messages.cancel(agent.id, named);
      });
      expect(cancelled).toEqual({ [(await lastRun(agent.id))?.id ?? '']: 'cancelled' });
      expect(typesOf(frames)).toEqual(['ping', 'assistant_message', 'assistant_message', 'stop_reason']);
      expect(frames.at(-1)?.data).toEqual({ message_type: 'stop_reason', stop_reason: 'cancelled' });
      expect(await lastRun(agent.id)).toMatchObject({ status: 'cancelled', stop_reason: 'cancelled' });
      expect(await sandbox.transcript(agent.id)).toHaveLength(1);
    },
  );

  it('says that a turn is cancelled which does not stream, and lets it run to its end', async () => {
    const agent = await sandbox.agent();
    const answering = sandbox.say(agent.id, scriptOf({ stallMs: 1_500, say: 'I was not stopped.' }));
    await expect.poll(() => lastRun(agent.id), { timeout: 10_000 }).toMatchObject({ status: 'created' });
    const run = await lastRun(agent.id);
    // Cancelled before its first step, it takes none.
    const steps = async () => (await sandbox.client.runs.steps.list(run?.id ?? '')).items.length;
    await expect.poll(steps, { timeout: 10_000 }).toBe(1);
    expect(await sandbox.client.agents.messages.cancel(agent.id)).toEqual({ [run?.id ?? '']: 'cancelled' });
    expect(await lastRun(agent.id)).toMatchObject({ status: 'cancelled' });
    expect((await answering).messages).toMatchObject([{ content: 'I was not stopped.' }]);
    expect(await lastRun(agent.id)).toMatchObject({ status: 'completed', stop_reason: 'end_turn' });
  });

  it('refuses to cancel where nothing runs', async () => {
    const agent = await sandbox.agent();
    await expect(sandbox.client.agents.messages.cancel(agent.id)).rejects.toMatchObject({
      status: 409,
      error: { detail: expect.stringContaining('No active runs to cancel') },
    });
  });

  it('[LF7] leaves nothing of a turn that was killed but a run that stays active for ever', async () => {
    const agent = await sandbox.agent();
    const other = await sandbox.again();
    const script = scriptOf({ stallMs: 600_000, say: 'never' });
    const dying = other.client.agents.messages.create(agent.id, said(script));
    const cut = expect(dying).rejects.toMatchObject({ status: undefined });
    await expect.poll(() => lastRun(agent.id), { timeout: 10_000 }).toMatchObject({ status: 'created' });
    await other.stop();
    await cut;
    expect(await sandbox.transcript(agent.id)).toHaveLength(1);
    const active = (await sandbox.client.runs.list({ agent_id: agent.id, active: true })).items;
    expect(active).toMatchObject([{ status: 'created', completed_at: null, stop_reason: null }]);
    expect(await sandbox.say(agent.id, 'Are you well?')).toMatchObject({ stop_reason: { stop_reason: 'end_turn' } });
  });

  it('tells an unknown path, a wrong method and a body that is no JSON apart', async () => {
    const answers = await Promise.all([
      sandbox.post('/v1/nothing', {}),
      sandbox.post('/v1/runs/run-1', {}),
      sandbox.post('/v1/agents/', undefined),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([404, 405, 400]);
    const plain = await sandbox.post('/v1/agents/', { name: 'x' }, { 'content-type': 'text/plain' });
    const broken = await fetch(`${sandbox.url}/v1/agents/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":',
    });
    expect([plain.status, broken.status]).toEqual([422, 422]);
  });

  it('answers to no other name than those of the loopback', async () => {
    const named = request(`${sandbox.url}/v1/health/`, { headers: { host: 'parley.example' } });
    named.end();
    const [answer] = await once(named, 'response');
    expect(answer).toMatchObject({ statusCode: 421 });
    answer.resume();
  });
});
