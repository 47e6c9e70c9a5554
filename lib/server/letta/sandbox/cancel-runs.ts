import { requireAgent } from './agent-store';
import { newLettaId } from './letta-id';
import { LettaRefusal } from './letta-refusal';
import { checkpoint, messagesById, placed } from './message-store';
import { endRun, findRun, listRuns, requireRun } from './run-store';
import type { Sandbox } from './sandbox-context';
import type { DraftMessage, StoredCall } from './stored-message';

const REASON = 'The user cancelled the request, so the tool call was denied.';
const LISTED_MAX = 100;

/** What is added to a thread whose pending request is given up: a denial of every call, and their returns. */
function denials(asked: StoredCall[], unrun: StoredCall[]): DraftMessage[] {
  const answers = asked.map((call) => ({ type: 'approval' as const, callId: call.id, approve: false, reason: REASON }));
  const returns = [...asked, ...unrun].map((call) => ({
    callId: call.id,
    status: 'error' as const,
    text: `Error: request to call tool denied. User reason: ${REASON}`,
    stdout: null,
    stderr: null,
  }));
  return [
    { id: newLettaId('message'), body: { role: 'approval_response', answers } },
    { id: newLettaId('message'), body: { role: 'tool', name: null, returns } },
  ];
}

/**
 * Cancels one run. A run that has ended is left alone, unless it ended at a request for approval: then whatever request
 * the agent's DEFAULT thread stands at is denied, also when it belongs to another run.
 */
async function cancelRun(sandbox: Sandbox, runId: string): Promise<void> {
  const run = await requireRun(sandbox, runId);
  if (run.stopReason && run.stopReason !== 'requires_approval') return;
  const agent = await requireAgent(sandbox, run.agentId);
  const context = await messagesById(sandbox, agent.messageIds);
  await endRun(sandbox, runId, { status: 'cancelled', stopReason: 'cancelled' });
  const [before, request] = [context.at(-2), context.at(-1)];
  if (request?.body.role !== 'approval_request') return;
  const unrun = before?.body.role === 'assistant' ? before.body.calls : [];
  const place = { agentId: agent.id, conversationId: null, runId, stepId: request.stepId };
  const added = placed(denials(request.body.calls, unrun), place, sandbox.clock.now());
  await checkpoint(sandbox, added, [...context, ...added]);
}

type CancelScope = { agentId?: string; conversationId?: string; runIds?: string[] | undefined };

/**
 * Cancels the runs named, or all that count as active (those of killed servers among them). Resolves with `cancelled`
 * or `failed` for each; a turn that does not stream goes on all the same. Throws 409 when there is nothing to cancel.
 */
export async function cancelRuns(sandbox: Sandbox, scope: CancelScope): Promise<Record<string, string>> {
  const { agentId, conversationId } = scope;
  const named = scope.runIds ?? [];
  const ids = named.length > 0 ? named : await activeRuns(sandbox, scope);
  if (ids.length === 0) {
    const of = conversationId ? `conversation ${conversationId}` : `agent ${agentId}`;
    const detail = `CONFLICT: No active runs to cancel for ${of}`;
    throw new LettaRefusal(409, { detail }, detail);
  }
  const results: Record<string, string> = {};
  for (const id of ids) {
    const known = await findRun(sandbox, id);
    if (known) await cancelRun(sandbox, id);
    results[id] = known ? 'cancelled' : 'failed';
  }
  return results;
}

async function activeRuns(sandbox: Sandbox, { agentId, conversationId }: CancelScope): Promise<string[]> {
  const runs = await listRuns(sandbox, {
    agentIds: agentId ? [agentId] : undefined,
    conversationId,
    statuses: ['created', 'running'],
    limit: LISTED_MAX,
    ascending: false,
  });
  return runs.map((run) => run.id);
}
