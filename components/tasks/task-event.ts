import type { Entry } from '@/lib/protocol/entry';

export type TaskEvent = { text: string; tone: 'plain' | 'wait' | 'fail' | 'human' | 'done' };

/** What an entry of a task tells beside the reports, in words, and how much of an alarm it is; null for all others. */
export function taskEvent(entry: Entry): TaskEvent | null {
  const event = (text: string, tone: TaskEvent['tone'] = 'plain'): TaskEvent => ({ text, tone });
  const seconds = (ms: number) => `${Math.round(ms / 1_000)} s`;
  switch (entry.type) {
    case 'task.created':
      return event(`Made by ${entry.actor.name}`);
    case 'task.late':
      return event(`No report for ${seconds(entry.payload.silentMs)}`, 'wait');
    case 'task.probed':
      return event(`Silent for ${seconds(entry.payload.silentMs)}: asked for a sign`, 'wait');
    case 'task.assumed_failed':
      return event(`No answer: assumed failed after ${seconds(entry.payload.silentMs)}`, 'fail');
    case 'task.recovering':
      return event(`Recovery, try ${entry.payload.attempt} of ${entry.payload.of}`, 'wait');
    case 'task.recovered':
      return event(`Back after ${seconds(entry.payload.afterMs)}`, 'done');
    case 'task.controlled':
      return event(
        `${entry.actor.name}: ${entry.payload.action.toLowerCase()}${entry.payload.reason ? `, ${entry.payload.reason}` : ''}`,
        'human',
      );
    case 'task.taken_over': {
      const { holder, why } = entry.payload;
      const by = holder
        ? `${holder.name} ${why === 'given' ? 'was given the task' : 'has taken over'}`
        : 'It waits for somebody to take over';
      return event(`${by}${because[why]}`, holder?.kind === 'person' ? 'human' : 'wait');
    }
    case 'task.handed_back':
      return event(`Handed back to its agent${entry.payload.reason ? `: ${entry.payload.reason}` : ''}`, 'human');
    case 'task.ended':
      return event(`Ended: ${entry.payload.state}`, entry.payload.state === 'SUCCESS' ? 'done' : 'plain');
    default:
      return null;
  }
}

const because = {
  person: '',
  given: '',
  recovery_failed: ': recovery failed',
  principal_gone: ': its principal is gone',
  person_gone: ': who had it was removed',
};
