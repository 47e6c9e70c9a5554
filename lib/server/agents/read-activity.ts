import { z } from 'zod';
import type { AgentActivity } from '@/lib/protocol/agent';
import { type AgentId, ConversationId } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import type { EngineAgent, Gateway } from '../letta/gateway';
import type { Runtime } from '../runtime';
import { requireAgent } from './require-agent';

const RUNS = 20;

const SeatRow = z.object({ threadKey: z.string(), conversationId: ConversationId });
const TurnRow = z.object({
  runId: z.string(),
  conversationId: ConversationId,
  usage: z.object({ promptTokens: z.number(), completionTokens: z.number(), totalTokens: z.number() }).nullable(),
});

/** What an agent has been doing, from its Letta server; what Parley knows better of it comes from the ledger. */
export async function readActivity(rt: Runtime, caller: Caller, agentId: AgentId): Promise<AgentActivity> {
  const { agent, server, gateway } = await requireAgent(rt, agentId);
  const key = [caller.workspaceId, server.name, agentId];
  return {
    threads: await threadsOf(rt, gateway, agentId, key),
    runs: await runsOf(rt, gateway, agentId, key),
    gates: await gatesOf(rt, agent, key),
  };
}

async function threadsOf(rt: Runtime, gateway: Gateway, agentId: AgentId, key: string[]) {
  const { rows } = await rt.database.pool.query(
    `SELECT s.thread_key AS "threadKey", s.conversation_id AS "conversationId" FROM seat s
     JOIN conversation c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
     WHERE s.workspace_id = $1 AND s.server = $2 AND s.agent_id = $3 AND c.phase <> 'stopped'
     ORDER BY s.taken, c.last_activity_at`,
    key,
  );
  // Where several conversations show a thread, the one in which the agent sits comes last, and counts.
  const seats = new Map(rows.map((row) => SeatRow.parse(row)).map((row) => [row.threadKey, row.conversationId]));
  const [newest] = (await gateway.listMessages({ agentId, threadId: null }, { limit: 1 })).slice(-1);
  const own = { threadId: null, title: null, lastMessageAt: newest ? new Date(newest.date) : null };
  const threads = [own, ...(await gateway.listThreads(agentId))];
  return threads.map(({ threadId, title, lastMessageAt }) => ({
    threadId,
    title,
    lastMessageAt: lastMessageAt?.toISOString() ?? null,
    conversationId: seats.get(threadId ?? '') ?? null,
  }));
}

async function runsOf(rt: Runtime, gateway: Gateway, agentId: AgentId, key: string[]) {
  const runs = await gateway.listNewestRuns(agentId, RUNS);
  const { rows } = await rt.database.pool.query(
    `SELECT run_id AS "runId", conversation_id AS "conversationId", usage FROM turn
     WHERE workspace_id = $1 AND server = $2 AND agent_id = $3 AND run_id = ANY ($4::text[])`,
    [...key, runs.map(({ id }) => id)],
  );
  const ours = new Map(rows.map((row) => TurnRow.parse(row)).map((row) => [row.runId, row]));
  return runs.map(({ createdAt, usage, ...run }) => ({
    ...run,
    createdAt: createdAt.toISOString(),
    usage: ours.get(run.id)?.usage ?? usage,
    conversationId: ours.get(run.id)?.conversationId ?? null,
  }));
}

async function gatesOf(rt: Runtime, { approvalTools }: EngineAgent, key: string[]) {
  const { rows } = await rt.database.pool.query<{ tool: string }>(
    'SELECT tool FROM gate WHERE workspace_id = $1 AND server = $2 AND agent_id = $3',
    key,
  );
  const ours = new Set(rows.map(({ tool }) => tool));
  return approvalTools.map((tool) => ({ tool, by: ours.has(tool) ? ('parley' as const) : ('somebody else' as const) }));
}
