import { randomUUID } from 'node:crypto';
import { Letta } from '@letta-ai/letta-client';
import { describe } from 'vitest';
import { describeGateway } from '@/lib/server/letta/gateway-contract';
import type { GatewayTarget, Move } from '@/lib/server/letta/gateway-contract-target';
import { createRestGateway } from '@/lib/server/letta/rest';
import { createLog } from '@/lib/server/log';
import { createTestDatabase } from '@/lib/testing/test-database';
import type { SandboxScript } from './scripted';
import { startSandbox } from './start-sandbox';

const WORD_MS = 100;

type Step = SandboxScript['script'][number];

function toStep(move: Move): Step {
  if (move.kind === 'fail') return { fail: 'llm_error' };
  const reason = move.reasoning === undefined ? {} : { reason: move.reasoning };
  const say = move.text === undefined ? {} : { say: move.text };
  if (move.kind === 'call') return { ...reason, ...say, calls: move.calls };
  return { ...reason, ...say, ...(move.slowly && { tokenMs: WORD_MS }) };
}

async function startTarget(): Promise<GatewayTarget> {
  const database = await createTestDatabase();
  const log = createLog({ logLevel: 'silent' });
  const workspaceId = randomUUID();
  const sandbox = await startSandbox({ pool: database.pool, workspaceId, host: '127.0.0.1', log, paceMs: 'instant' });
  return {
    url: sandbox.url,
    model: 'sandbox/scripted',
    connect: ({ url = sandbox.url, ...options } = {}) => createRestGateway({ baseUrl: url, log, ...options }),
    ask: (moves) => JSON.stringify({ script: moves.map(toStep) }),
    allowParallelCalls: async (agentId) => {
      const answer = await fetch(`${sandbox.url}/v1/agents/${agentId}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model_settings: { provider_type: 'openai', parallel_tool_calls: true } }),
      });
      if (!answer.ok) throw new Error(`the agent takes no parallel calls: ${await answer.text()}`);
    },
    openThread: async (agentId) => {
      const client = new Letta({ baseURL: sandbox.url, apiKey: null });
      return (await client.conversations.create({ agent_id: agentId })).id;
    },
    sayAtOnce: async (threadId, text) => {
      const client = new Letta({ baseURL: sandbox.url, apiKey: null });
      await client.conversations.messages.create(threadId, {
        messages: [{ role: 'user', content: text }],
        streaming: false,
      });
    },
    cancelRun: async (agentId, runId) => {
      const client = new Letta({ baseURL: sandbox.url, apiKey: null });
      await client.agents.messages.cancel(agentId, { run_ids: [runId] });
    },
    refusesSecondTurn: false,
    stop: async () => {
      await sandbox.stop();
      await database.drop();
    },
  };
}

describe('with the sandbox', () => {
  describeGateway('the REST adapter', startTarget);
});
