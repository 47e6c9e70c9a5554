import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Agent, Block, CreateAgent } from '@/lib/protocol/agent';
import { AppError, isAppError } from '@/lib/protocol/errors';
import { EntryId } from '@/lib/protocol/ids';
import { fleetStream } from '@/lib/protocol/stream';
import type { Caller } from '../access/caller';
import type { IdempotencyKey } from '../ledger/command';
import type { AgentSpec, EngineAgent } from '../letta/gateway';
import type { LettaServerStatus } from '../letta/letta-servers';
import type { Runtime } from '../runtime';
import { intentTag, isOwnTag, toAgent } from './to-agent';

/**
 * Makes an agent in Letta: the intent goes into the ledger, then the engine is asked with the intent's id as a tag, then
 * the outcome goes into the ledger. A repeat after a crash finds the agent by its tag.
 */
export async function createAgent(
  rt: Runtime,
  caller: Caller,
  wanted: CreateAgent,
  idempotency?: IdempotencyKey,
): Promise<Agent> {
  const server = chooseServer(rt, wanted);
  const { gateway } = rt.letta.require(server.name);
  const intentId = idempotency?.intentId ?? randomUUID();
  const [already] = idempotency ? await gateway.findAgentsByTag(intentTag(intentId)) : [];
  if (already) return recordCreated(rt, caller, server, already, idempotency);
  const spec: AgentSpec = {
    name: wanted.name,
    model: wanted.model ?? (await defaultModel(rt, server)),
    blocks: blocksOf(wanted),
    tools: wanted.tools,
    tags: [...wanted.tags, intentTag(intentId)],
  };
  const { name, blocks, tools } = spec;
  const facts = { server: server.name, name, model: spec.model ?? null, blocks, tools, tags: wanted.tags };
  await rt.ledger.record(caller.workspaceId, caller.actor, [
    { stream: fleetStream, type: 'agent.create_requested', payload: facts, id: EntryId.parse(uuidv7()) },
  ]);
  try {
    return await recordCreated(rt, caller, server, await gateway.createAgent(spec), idempotency);
  } catch (error) {
    const [made] = await gateway.findAgentsByTag(intentTag(intentId)).catch(() => []);
    if (made) return recordCreated(rt, caller, server, made, idempotency);
    const reason = isAppError(error) ? error.message : 'Letta did not answer as expected.';
    await rt.ledger.record(caller.workspaceId, caller.actor, [
      { stream: fleetStream, type: 'agent.create_failed', payload: { server: server.name, name, reason } },
    ]);
    throw error;
  }
}

function chooseServer(rt: Runtime, wanted: CreateAgent): LettaServerStatus {
  if (wanted.server) {
    const { status } = rt.letta.require(wanted.server);
    if (status.state === 'connected') return status;
    throw new AppError('engine.unavailable', `“${status.name}” is not connected: ${status.reason ?? status.state}.`);
  }
  const connected = rt.letta.list().filter((server) => server.state === 'connected');
  const [only, another] = connected;
  if (!only) throw new AppError('engine.unavailable', 'No Letta server is connected.');
  if (another) {
    const names = connected.map((server) => server.name).join(', ');
    throw new AppError('server.ambiguous', 'Several Letta servers are connected: say which.', {
      fields: { server: `one of ${names}` },
    });
  }
  return only;
}

async function defaultModel(rt: Runtime, server: LettaServerStatus): Promise<string> {
  const [first] = await rt.letta.require(server.name).gateway.listModels();
  if (!first) throw new AppError('engine.answered_badly', `“${server.name}” offers no model.`);
  return first.handle;
}

function blocksOf({ persona, human, blocks }: CreateAgent): Block[] {
  const short = [
    ...(persona === undefined ? [] : [{ label: 'persona', value: persona }]),
    ...(human === undefined ? [] : [{ label: 'human', value: human }]),
  ];
  const all = [...short, ...blocks];
  const twice = all.find((block, index) => all.findIndex((other) => other.label === block.label) !== index);
  if (twice) {
    const fields = { blocks: `“${twice.label}” is given twice` };
    throw new AppError('request.invalid', 'Two blocks have the same label.', { fields });
  }
  return all;
}

/** The answer is kept with the entry: what was recorded before a crash is not recorded again. */
function recordCreated(
  rt: Runtime,
  caller: Caller,
  server: LettaServerStatus,
  agent: EngineAgent,
  idempotency: IdempotencyKey | undefined,
): Promise<Agent> {
  const { id, name, model, blocks, tools } = agent;
  const tags = agent.tags.filter((tag) => !isOwnTag(tag));
  const payload = { agentId: id, server: server.name, sandbox: server.sandbox, name, model, blocks, tools, tags };
  const made = toAgent(agent, server, false);
  return rt.ledger.append({
    workspaceId: caller.workspaceId,
    actor: caller.actor,
    ...(idempotency && { idempotency }),
    load: async () => null,
    decide: () => ({
      ok: true,
      entries: [{ stream: fleetStream, type: 'agent.created', payload }],
      answer: () => made,
    }),
  });
}
