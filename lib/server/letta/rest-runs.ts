import { z } from 'zod';
import { isAppError } from '@/lib/protocol/errors';
import { AgentId } from '@/lib/protocol/ids';
import type { ApprovalRun, EngineRun, TailedMessage } from './gateway';
import type { RestClient } from './rest-client';
import { describeBody } from './rest-failure';
import { listThread } from './rest-history';
import { toTimestamp } from './rest-message';
import { refusalIn } from './rest-refusal';
import { listThreads } from './rest-threads';

const PAGE = 100;
/** So many threads of an agent, the newest first, are looked through for a run that does not say where it ran. */
const THREADS_MAX = 10;
const THREAD_TAIL = 50;
export const ACTIVE = ['created', 'running'];

const RawRun = z.looseObject({
  id: z.string().min(1),
  agent_id: AgentId.nullish(),
  conversation_id: z.string().nullish(),
  status: z.enum(['created', 'running', 'completed', 'failed', 'cancelled']).catch('running'),
  stop_reason: z.string().nullish(),
  created_at: z.string().nullish(),
  metadata: z.looseObject({ error: z.unknown().optional(), run_type: z.unknown().optional() }).nullish(),
});
type RawRun = z.infer<typeof RawRun>;

type RunQuery = { agent_id?: string; conversation_id?: string; statuses?: string[]; after?: string };

/** Newest first. INVARIANT: the order is asked for, since pages always continue with `after`. */
export async function listPage(client: RestClient, query: RunQuery): Promise<RawRun[]> {
  const { after, ...filter } = query;
  const page = { ...filter, order: 'desc' as const, limit: PAGE, ...(after === undefined ? {} : { after }) };
  return client.read(z.array(RawRun), async (options) => (await client.letta.runs.list(page, options)).items);
}

/** Runs of an agent that were created at or after `since`, newest first, but for those whose input was refused. */
export async function listRunsSince(client: RestClient, agentId: AgentId, since: Date): Promise<EngineRun[]> {
  const runs: EngineRun[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await listPage(client, { agent_id: agentId, ...(after === undefined ? {} : { after }) });
    const young = page.map(toEngineRun).filter((run) => run.createdAt >= since);
    runs.push(...young.filter((run) => run.status !== 'failed' || run.error === null || !refusalIn(run.error)));
    after = page.at(-1)?.id;
    if (page.length < PAGE || young.length < page.length || after === undefined) return runs;
  }
}

/** One page of the newest runs of an agent. */
export async function listNewestPage(client: RestClient, agentId: AgentId): Promise<EngineRun[]> {
  return (await listPage(client, { agent_id: agentId })).map(toEngineRun);
}

function toEngineRun(run: RawRun): EngineRun {
  const error = run.metadata?.error;
  return {
    id: run.id,
    threadId: run.conversation_id ?? null,
    status: run.status,
    stopReason: run.stop_reason ?? null,
    createdAt: new Date(toTimestamp(run.created_at)),
    error: error === undefined || error === null ? null : describeBody(error),
  };
}

/** One run by its id; null when the engine does not know it. */
export async function findEngineRun(client: RestClient, runId: string): Promise<EngineRun | null> {
  const run = await findRun(client, runId);
  return run && toEngineRun(run);
}

/** Which agent and thread a run belongs to; null when the engine no longer knows it, or cannot say. */
export async function findRunOwner(
  client: RestClient,
  runId: string,
): Promise<Pick<TailedMessage, 'agentId' | 'threadId'> | null> {
  const run = await findRun(client, runId);
  if (!run?.agent_id) return null;
  const { agent_id: agentId, conversation_id: threadId } = run;
  if (!namesNoThread(run)) return { agentId, threadId: threadId ?? null };
  for (const thread of (await listThreads(client, agentId)).slice(0, THREADS_MAX)) {
    const newest = await listThread(client, { agentId, threadId: thread.threadId }, { limit: THREAD_TAIL });
    if (newest.some((message) => message.runId === runId)) return { agentId, threadId: thread.threadId };
  }
  return null;
}

/** HAZARD: what is sent to a thread and answered at once leaves a run that does not name it (letta 0.16.8). */
const namesNoThread = ({ conversation_id: threadId, metadata }: RawRun): boolean =>
  !threadId && metadata?.run_type === 'send_conversation_message';

/** Owners of the newest runs, by run: one question where many would be asked. Those are left out that it does not tell. */
export async function listRunOwners(
  client: RestClient,
): Promise<Map<string, Pick<TailedMessage, 'agentId' | 'threadId'>>> {
  const runs = await listPage(client, {});
  return new Map(
    runs.flatMap((run) =>
      run.agent_id && !namesNoThread(run)
        ? [[run.id, { agentId: run.agent_id, threadId: run.conversation_id ?? null }]]
        : [],
    ),
  );
}

/** The newest runs that stopped for an approval, answered since or not. */
export async function listApprovalRuns(client: RestClient, limit: number): Promise<ApprovalRun[]> {
  const query = { stop_reason: 'requires_approval' as const, order: 'desc' as const, limit };
  const runs = await client.read(
    z.array(RawRun),
    async (options) => (await client.letta.runs.list(query, options)).items,
  );
  return runs.flatMap((run) =>
    run.agent_id ? [{ runId: run.id, agentId: run.agent_id, threadId: run.conversation_id ?? null }] : [],
  );
}

export async function findRun(client: RestClient, runId: string): Promise<RawRun | null> {
  try {
    return await client.read(RawRun, (options) => client.letta.runs.retrieve(runId, options));
  } catch (error) {
    if (isAppError(error) && error.code === 'request.invalid') return null; // 404, and 400 for an id of the wrong shape
    throw error;
  }
}
