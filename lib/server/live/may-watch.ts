import type { WireEntry } from '@/lib/protocol/entry';
import { knownEntry } from '@/lib/protocol/entry';
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

/** Whether these entries may change whose a task is; of another instance's nothing is known. */
export const mayMoveOn = (stream: Stream, entries: readonly WireEntry[]): boolean =>
  stream.startsWith(TASK) && (entries.length === 0 || entries.some(movesOn));

function movesOn(entry: WireEntry): boolean {
  if (entry.type === 'task.report_accepted') {
    const known = knownEntry(entry);
    return known?.type === 'task.report_accepted' && known.payload.message.type === 'INITIALIZATION';
  }
  return entry.type === 'task.taken_over' || entry.type === 'task.handed_back' || entry.type === 'task.ended';
}
