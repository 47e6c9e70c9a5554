import { z } from 'zod';
import { isAppError } from '@/lib/protocol/errors';
import type { AgentId } from '@/lib/protocol/ids';
import type { EngineRun, Usage } from './gateway';
import type { RestClient } from './rest-client';
import { listNewestPage } from './rest-runs';

const tokens = z.number().catch(0);
const RawUsage = z.looseObject({ prompt_tokens: tokens, completion_tokens: tokens, total_tokens: tokens });

type Cost = Omit<Usage, 'steps'> | null;

/** The newest runs of an agent, each with what it cost: the server tells that for one run at a time. */
export async function listNewestRuns(
  client: RestClient,
  agentId: AgentId,
  limit: number,
): Promise<(EngineRun & { usage: Cost })[]> {
  const runs = (await listNewestPage(client, agentId)).slice(0, limit);
  return Promise.all(runs.map(async (run) => ({ ...run, usage: await costOf(client, run.id) })));
}

async function costOf(client: RestClient, runId: string): Promise<Cost> {
  try {
    const usage = await client.read(RawUsage, (options) => client.letta.runs.usage.retrieve(runId, options));
    const { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: totalTokens } = usage;
    return totalTokens > 0 ? { promptTokens, completionTokens, totalTokens } : null;
  } catch (error) {
    // A server that does not tell (the sandbox, a run without a step) keeps the rest of the list from nobody.
    if (isAppError(error) && error.code !== 'engine.unavailable') return null;
    throw error;
  }
}
