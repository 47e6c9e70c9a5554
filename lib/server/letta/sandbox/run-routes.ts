import { z } from 'zod';
import { NO_REDIS, refuse } from './letta-refusal';
import { messagePage } from './message-routes';
import { flag, list, pageFields } from './query-fields';
import { type Handler, param, type Route, readQuery } from './route';
import { listRuns, requireRun, stepsOf } from './run-store';
import { wireRun } from './wire-run';

const RUNS_MAX = 1000;

const RunQuery = z.object({
  ...pageFields(100, 'desc'),
  agent_id: z.string().optional(),
  agent_ids: list,
  conversation_id: z.string().optional(),
  background: flag.optional(),
  statuses: list,
  stop_reason: z.string().optional(),
  active: flag.default(false),
  ascending: flag.default(false),
});

const listThem: Handler = async (sandbox, call) => {
  const query = readQuery(RunQuery, call.query, ['agent_ids', 'statuses']);
  const runs = await listRuns(sandbox, {
    agentIds: query.agent_id ? [query.agent_id] : query.agent_ids,
    conversationId: query.conversation_id,
    background: query.background,
    statuses: query.statuses ?? (query.active ? ['created', 'running'] : undefined),
    stopReason: query.stop_reason,
    after: query.after,
    before: query.before,
    limit: Math.min(query.limit, RUNS_MAX),
    ascending: query.ascending || query.order === 'asc',
  });
  return runs.map(wireRun);
};

const retrieve: Handler = async (sandbox, call) => wireRun(await requireRun(sandbox, param(call, 'runId')));

/** Unlike every other listing of messages, this one comes in the order asked for. */
const messagesOfRun: Handler = async (sandbox, call) => {
  const run = await requireRun(sandbox, param(call, 'runId'));
  if (!call.query.has('order')) call.query.set('order', 'asc');
  const page = await messagePage(sandbox, call, { runId: run.id });
  return call.query.get('order') === 'desc' ? page.toReversed() : page;
};

/** Only what tells a run that was taken from one that may still be refused: that there are steps, and whose. */
const stepsOfRun: Handler = async (sandbox, call) => {
  const run = await requireRun(sandbox, param(call, 'runId'));
  const ids = await stepsOf(sandbox, run.id);
  return ids.map((id) => ({ id, run_id: run.id, agent_id: run.agentId, origin: 'sandbox', status: null }));
};

/** Runs can be followed with Redis only. */
const stream: Handler = async () => {
  throw refuse(503, NO_REDIS);
};

export const runRoutes: Route[] = [
  { method: 'GET', path: '/v1/runs', handle: listThem },
  { method: 'GET', path: '/v1/runs/:runId', handle: retrieve },
  { method: 'GET', path: '/v1/runs/:runId/messages', handle: messagesOfRun },
  { method: 'GET', path: '/v1/runs/:runId/steps', handle: stepsOfRun },
  { method: 'POST', path: '/v1/runs/:runId/stream', handle: stream },
];
