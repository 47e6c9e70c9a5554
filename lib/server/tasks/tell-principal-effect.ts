import { threadKey } from '@/lib/domain/conversation/conversation-state';
import type { PlacedFact, TaskRecord } from '@/lib/domain/task/task-record';
import { isNews } from '@/lib/domain/task/tell-principal';
import { AgentId } from '@/lib/protocol/ids';
import type { Effect } from '../ledger/command';

/**
 * The job that tells a principal its news, where these facts are some. It stands in the queue of the agent's thread, in
 * which the turns of its conversations stand too: an agent has one turn at a time.
 */
export function tellPrincipalEffects(record: TaskRecord, facts: readonly PlacedFact[]): Effect[] {
  const { id, principal, principalServer: server } = record;
  if (server === null || !isNews(record, facts)) return [];
  const thread = threadKey({ server, agentId: AgentId.parse(principal.id), threadId: null });
  const key = `task.tell_principal:${id}`;
  return [{ task: 'task.tell_principal', payload: { taskId: id }, queue: `thread:${thread}`, key }];
}
