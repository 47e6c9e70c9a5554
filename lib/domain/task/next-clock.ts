import { msBetween, type TaskRecord } from './task-record';

/**
 * The next step of a task's clock, `inMs` after `since`: an update is overdue (late), a sign is asked for (probe), none
 * came (fail), a try (recover), none helped (give_up); or the principal did not decide about a handoff (handoff).
 */
export type ClockStep = 'late' | 'probe' | 'fail' | 'recover' | 'give_up' | 'handoff';
export type NextClock = { step: ClockStep; since: string; inMs: number };

const WATCHED: readonly TaskRecord['state'][] = ['INITIALIZING', 'RUNNING', 'PROBING', 'RECOVERING'];

/** Whether something is expected of the agent, so that its silence means something. */
export const isWatched = ({
  state,
  waitingFor,
  holder,
}: Pick<TaskRecord, 'state' | 'waitingFor' | 'holder'>): boolean =>
  holder === null && (WATCHED.includes(state) || (state === 'HANDOFF_PENDING' && waitingFor === 'handoff_request'));

/** Null while nothing is expected of the agent: before its first word, while it waits for others, in other hands, after the end. */
export function nextClock(record: TaskRecord): NextClock | null {
  const { clocks, clockSince, phase, attempt } = record;
  if (clockSince === null) return null;
  const at = (step: ClockStep, inMs: number): NextClock => ({ step, since: clockSince, inMs });
  if (!isWatched(record)) return isAsked(record) ? at('handoff', clocks.graceMs) : null;
  if (phase === 'fresh') return at('late', clocks.updateEveryMs);
  if (phase === 'late') return at('probe', Math.max(0, clocks.silenceMs - clocks.updateEveryMs));
  if (phase === 'probing') return at('fail', clocks.graceMs);
  const delays = clocks.recoveryDelaysMs;
  const [first = 0] = delays;
  // After the last try as long as before the first: with the seed's delays that makes ten seconds in all.
  return attempt < delays.length ? at('recover', delays[attempt] ?? first) : at('give_up', first);
}

/** An agent as principal has a while to decide about a handoff; a person has as long as it takes. */
const isAsked = ({ state, waitingFor, principal, holder }: TaskRecord): boolean =>
  holder === null && state === 'HANDOFF_PENDING' && waitingFor === 'handoff_decision' && principal.kind === 'agent';

/**
 * How long from `now` until the next step. A sign of life at `aliveAt`, later than the last report, puts the question
 * off: silence is counted from it. Never longer than the whole silence, whatever the clocks of the machine do.
 */
function clockInMs(record: TaskRecord, next: NextClock, aliveAt: string | null, now: string): number {
  if (next.step !== 'probe') return next.inMs;
  const quietSince = record.quietSince ?? next.since;
  const lastSign = aliveAt !== null && aliveAt > quietSince ? aliveAt : quietSince;
  const left = record.clocks.silenceMs - msBetween(lastSign, now);
  // What the step before came late is made up for here; not what Parley itself slept away.
  if (lastSign === quietSince && left < next.inMs / 2) return next.inMs;
  return Math.min(Math.max(left, 0), record.clocks.silenceMs);
}

/** What becomes of the armed deadline of a task: armed anew, taken away, or left as it is (null). */
export type ClockChange = { kind: 'arm'; inMs: number; graceMs: number } | { kind: 'disarm' } | null;

/**
 * The deadline after a command that led from `before` to `after`: armed anew where a step of the clock has begun anew.
 * `graceMs` is what it is given afresh when Parley itself was away.
 */
export function changeClock(
  before: TaskRecord | null,
  after: TaskRecord | null,
  aliveAt: string | null,
  now: string,
): ClockChange {
  const past = before && nextClock(before);
  const next = after && nextClock(after);
  if (!next || !after) return past ? { kind: 'disarm' } : null;
  if (past?.step === next.step && past.since === next.since) return null;
  const inMs = clockInMs(after, next, aliveAt, now);
  return { kind: 'arm', inMs, graceMs: Math.max(inMs, after.clocks.graceMs) };
}
