import type { Stream } from '@/lib/protocol/stream';
import type { Caller } from '../access/caller';
import type { LiveReader } from './live-reader';

const TASK = 'task:';

/**
 * Whether the caller may watch a stream of their own workspace: a person or a key of any role all of them, an agent's
 * key those of its tasks, which are the ones it is bound to, and those that it works on, has made, gave or holds.
 */
export async function mayWatch(
  caller: Caller,
  stream: Stream,
  reader: Pick<LiveReader, 'isOwnTask'>,
): Promise<boolean> {
  if (caller.agentScope === null) return true;
  if (!stream.startsWith(TASK)) return false;
  const id = stream.slice(TASK.length);
  return caller.agentScope.taskIds.includes(id) || reader.isOwnTask(caller, id);
}
