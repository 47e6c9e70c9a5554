import { pauseText, stopwatchText } from '@/components/ui/duration-text';
import { isTaskOver, type Task } from '@/lib/protocol/task';

/** Whole seconds, as in a countdown: never less than nothing. */
const secondsUntil = (at: string, now: number) => Math.max(0, Math.ceil((Date.parse(at) - now) / 1_000));

/** How long ago the last word of the agent was, in milliseconds; null before the first, and after the end. */
export function silentForMs(task: Task, now: number): number | null {
  if (task.lastHeardAt === null || isTaskOver(task.state) || task.state === 'QUEUED') return null;
  return Math.max(0, now - Date.parse(task.lastHeardAt));
}

/** The same as its clock counts it: also from the moment at which it was told to go on. Null while nothing is expected. */
export const countedSilenceMs = ({ silence }: Task, now: number): number | null =>
  silence.since === null ? null : Math.max(0, now - Date.parse(silence.since));

/**
 * Where the clock of silence stands on its way from a word (0) to the end of the grace, in milliseconds. A sign of life, or
 * a start of Parley, holds it back: it is read from what is left of its step.
 */
export function clockStandsAtMs({ silence, clocks }: Task, now: number): number {
  const { updateEveryMs, silenceMs, graceMs } = clocks;
  const end = { fresh: updateEveryMs, late: silenceMs, probing: silenceMs + graceMs, failed: null }[silence.phase];
  if (end === null || silence.nextAt === null) return silenceMs + graceMs;
  return Math.min(end, Math.max(0, end - (Date.parse(silence.nextAt) - now)));
}

/** `18 s`, and of what takes longer `12:40`. */
const countdownWords = (seconds: number) => (seconds < 100 ? `${seconds} s` : stopwatchText(seconds * 1_000));

const waits: Record<NonNullable<Task['waitingFor']>, string> = {
  resume: 'paused by a person',
  blocking_error: 'for somebody to clear an error',
  handoff_decision: 'for a decision about the handoff',
  handoff_request: 'for its handoff',
};

/** The line under a state word: until when, of what, in whose hands. Empty where there is nothing to say. */
export function stateDetail(task: Task, now: number): string {
  const { state, silence, recovery, holder, waitingFor } = task;
  const left = silence.nextAt === null ? null : secondsUntil(silence.nextAt, now);
  if (state === 'PROBING' && left !== null) {
    return left > 0 ? `${countdownWords(left)} until it counts as failed` : 'no answer';
  }
  if (state === 'RECOVERING' && recovery) {
    if (recovery.attempt === 0) return left === null ? 'recovery begins' : `first try in ${countdownWords(left)}`;
    return `try ${recovery.attempt} of ${recovery.of}`;
  }
  if (state === 'TAKEN_OVER') return holder ? `in the hands of ${holder.name}` : 'nobody has it yet';
  if (waitingFor === 'handoff_decision' && left !== null) return `${waits[waitingFor]}, ${countdownWords(left)} left`;
  if (waitingFor === 'resume' && task.outcome !== null) return `${waits[waitingFor]}; its agent is done`;
  if (waitingFor !== null && !isTaskOver(state)) return waits[waitingFor];
  const silent = countedSilenceMs(task, now);
  if (silence.phase === 'late' && silent !== null) {
    return `late by ${pauseText(Math.max(1_000, silent - task.clocks.updateEveryMs))}`;
  }
  return '';
}

/** Whether somebody should look at this task now. */
export const needsSomebody = ({ state, silence, holder }: Task): boolean =>
  state === 'PROBING' ||
  state === 'RECOVERING' ||
  state === 'WAITING' ||
  state === 'HANDOFF_PENDING' ||
  (state === 'TAKEN_OVER' ? holder === null : silence.phase !== 'fresh' && !isTaskOver(state));

/** Milliseconds since a task began, or that it took. */
export const elapsedMs = ({ startedAt, endedAt }: Task, now: number): number | null =>
  startedAt === null ? null : (endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt);
