/** Names of the places at which a test may stop the program dead. */
export type FailpointName =
  | 'migration.before_commit'
  | 'workspace.before_commit'
  | 'ledger.before_write'
  | 'ledger.before_commit'
  | 'ledger.after_commit'
  | 'checkpoint.before_commit'
  | 'conversation.opened'
  | 'turn.before_send'
  | 'turn.after_accepted'
  | 'turn.before_end'
  | 'seat.before_interrupt'
  | 'draft.before_answer'
  | 'draft.after_answer'
  | 'task.before_clock';

export type Failpoint = (name: FailpointName) => void;

export const noFailpoint: Failpoint = () => undefined;

/**
 * For tests only (PARLEY_FAILPOINT): `name:kill` ends the process at that place as `kill -9` would, `name:kill@3` at the
 * third time it comes there. Without a setting it does nothing.
 */
export function createFailpoint(setting: string | undefined): Failpoint {
  const [, armed, at] = /^([a-z_.]+):kill(?:@(\d+))?$/.exec(setting ?? '') ?? [];
  if (armed === undefined) return noFailpoint;
  let left = Number(at ?? 1);
  return (name) => {
    if (name !== armed) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
