import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AgentId } from '@/lib/protocol/ids';
import { describeGateway } from '@/lib/server/letta/gateway-contract';
import type { GatewayTarget } from '@/lib/server/letta/gateway-contract-target';
import { say as hearTurn } from '@/lib/server/letta/gateway-contract-turn';
import { createRestGateway } from '@/lib/server/letta/rest';
import { type RealLetta, startRealLetta } from './start-real-letta';

const log = pino({ level: 'silent' });
const password = 'only for this test';
const START_MS = 600_000;

describe.runIf(inject('lettaIsHere'))('Letta 0.16.8', () => {
  describe('as it comes', () => {
    const letta = running({});
    describeGateway('the REST adapter', async () => targetOf(letta(), { redis: true }));

    it('tells that an input was taken long before the model speaks, and only then', async () => {
      const gateway = createRestGateway({ baseUrl: letta().url, log });
      const { id } = await gateway.createAgent({
        name: 'Slow',
        model: letta().model.handle,
        blocks: [],
        tools: [],
        tags: [],
      });
      const text = letta().model.ask([{ kind: 'say', text: 'Hm. Yes.', thinkMs: 3_000 }]);
      const began = performance.now();
      const at: Record<string, number> = {};
      for await (const event of gateway.send(
        { agentId: id, threadId: null },
        { kind: 'user', text, otid: randomUUID() },
      )) {
        at[event.kind] ??= performance.now() - began;
      }
      expect(at['accepted']).toBeLessThan(2_000);
      expect(at['delta']).toBeGreaterThan(3_000);
    });

    it('compacts a full context, and that is no word of the person', async () => {
      const gateway = createRestGateway({ baseUrl: letta().url, log });
      const full = { kind: 'say' as const, text: 'My head is full.', contextTokens: 29_900 };
      const spec = { name: 'Full', model: letta().model.handle, blocks: [], tools: [], tags: [] };
      const { id } = await gateway.createAgent(spec);
      for (const text of ['one', 'two', 'three']) {
        await hearTurn(gateway, id, letta().model.ask([{ kind: 'say', text }]));
      }
      const turn = await hearTurn(gateway, id, letta().model.ask([full]));
      expect(turn.messages.map((message) => message.messageType)).toEqual(['assistant_message', 'summary_message']);
      expect(turn.messages[1]?.content).toMatch(/^Note: \d+ messages .* have been hidden/);
      const listed = await gateway.listMessages({ agentId: id, threadId: null }, { limit: 10 });
      expect(listed.at(-1)).toMatchObject({
        messageType: 'summary_message',
        content: turn.messages[1]?.content,
        otid: null,
      });
    });

    it('waits for nothing any more when its context was reset, although the request is still listed last', async () => {
      const gateway = createRestGateway({ baseUrl: letta().url, log });
      const tool = 'core_memory_append';
      const spec = { name: 'Reset', model: letta().model.handle, blocks: [], tools: [tool], tags: [] };
      const { id } = await gateway.createAgent(spec);
      await gateway.setApproval(id, tool, true);
      const calls = [{ tool, arguments: { label: 'notes', content: 'x' } }];
      await hearTurn(gateway, id, letta().model.ask([{ kind: 'call', calls }]));
      const thread = { agentId: id, threadId: null };
      expect(await gateway.findPendingApproval(thread)).not.toBeNull();
      const answer = await fetch(`${letta().url}/v1/agents/${id}/reset-messages`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ add_default_initial_messages: false }),
      });
      expect(answer.status).toBe(200);
      expect((await gateway.listMessages(thread, { limit: 1 })).at(-1)?.messageType).toBe('approval_request_message');
      expect(await gateway.findPendingApproval(thread)).toBeNull();
      expect((await gateway.findAgent(id))?.pending).toBeNull();
    });
  });

  describe('with a password and without Redis', () => {
    const letta = running({ password, redis: false });
    describeGateway('the REST adapter', async () => targetOf(letta(), { redis: false, password }));

    it.each([undefined, 'wrong'])('lets nobody in who has the key %s', async (apiKey) => {
      const stranger = createRestGateway({ baseUrl: letta().url, apiKey, log });
      const refused = { code: 'engine.refused' };
      await expect(stranger.check()).rejects.toMatchObject(refused);
      await expect(stranger.listAgents()).rejects.toMatchObject(refused);
      await expect(stranger.tail(null, 10)).rejects.toMatchObject(refused);
      await expect(hearTurn(stranger, AgentId.parse('agent-x'), 'Hello?')).rejects.toMatchObject(refused);
    });
  });
});

/** A server for the tests of one block. */
function running(options: { password?: string; redis?: boolean }): () => RealLetta {
  let letta: RealLetta | null = null;
  beforeAll(async () => {
    letta = await startRealLetta({ log: (line) => process.stdout.write(`${line}\n`), ...options });
  }, START_MS);
  afterAll(() => letta?.stop(), START_MS);
  return () => {
    if (!letta) throw new Error('Letta does not run yet');
    return letta;
  };
}

function targetOf(letta: RealLetta, how: { redis: boolean; password?: string }): GatewayTarget {
  const call = async (method: string, path: string, body: object): Promise<unknown> => {
    const headers = {
      'content-type': 'application/json',
      ...(how.password ? { authorization: `Bearer ${how.password}` } : {}),
    };
    const answer = await fetch(`${letta.url}${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return answer.json();
  };
  return {
    url: letta.url,
    model: letta.model.handle,
    connect: ({ url = letta.url, ...options } = {}) =>
      createRestGateway({ baseUrl: url, log, ...(how.password ? { apiKey: how.password } : {}), ...options }),
    ask: letta.model.ask,
    allowParallelCalls: async (agentId) => {
      await call('PATCH', `/v1/agents/${agentId}`, {
        model_settings: { provider_type: 'openai', parallel_tool_calls: true },
      });
    },
    openThread: async (agentId: AgentId) => idOf(await call('POST', `/v1/conversations/?agent_id=${agentId}`, {})),
    sayAtOnce: async (threadId, text) => {
      const messages = [{ role: 'user', content: text }];
      await call('POST', `/v1/conversations/${threadId}/messages`, { messages, streaming: false });
    },
    cancelRun: async (agentId, runId) => {
      await call('POST', `/v1/agents/${agentId}/messages/cancel`, { run_ids: [runId] });
    },
    refusesSecondTurn: how.redis,
    stop: async () => undefined, // the block that it belongs to stops it
  };
}

function idOf(answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'id' in answer && typeof answer.id === 'string')
    return answer.id;
  throw new Error('the server gave no id');
}
