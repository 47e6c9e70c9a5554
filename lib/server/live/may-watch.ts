import type { Stream } from '@/lib/protocol/stream';
import type { Caller } from '../access/caller';

const TASK = 'task:';

/**
 * Whether the caller may watch a stream of their own workspace: a person or a key of any role all of them, an agent's
 * key those of the tasks it is bound to.
 */
export function mayWatch(caller: Pick<Caller, 'agentScope'>, stream: Stream): boolean {
  if (caller.agentScope === null) return true;
  return stream.startsWith(TASK) && caller.agentScope.taskIds.includes(stream.slice(TASK.length));
}
