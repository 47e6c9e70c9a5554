import { clockBounds, defaultClocks, type TaskClocks } from '@/lib/protocol/task';

/**
 * The clocks of a task from those that were asked for. What is absent is the seed's; where that would turn the order of
 * the steps around, an update is due in half the time after which silence is asked about, as in the seed.
 */
export function completeClocks(given: { [Name in keyof TaskClocks]?: TaskClocks[Name] | undefined }): TaskClocks {
  const {
    silenceMs = Math.min(clockBounds.mostMs, Math.max(defaultClocks.silenceMs, 2 * (given.updateEveryMs ?? 0))),
    updateEveryMs = Math.max(clockBounds.leastMs, Math.min(defaultClocks.updateEveryMs, Math.ceil(silenceMs / 2))),
    graceMs = defaultClocks.graceMs,
    recoveryDelaysMs = defaultClocks.recoveryDelaysMs,
  } = given;
  return { updateEveryMs, silenceMs, graceMs, recoveryDelaysMs };
}
