import { test } from 'vitest';
import type { FailpointName } from '@/lib/server/failpoint';
import { LONGEST_MS, surviveKills } from './survive-kills';

/** Where the program is stopped dead, and at which of the first so many times that it comes there under load. */
const FAILPOINTS = [
  ['ledger.before_write', { from: 8, below: 60 }],
  ['ledger.before_commit', { from: 8, below: 60 }],
  ['ledger.after_commit', { from: 8, below: 60 }],
  ['checkpoint.before_commit', { from: 2, below: 1 }],
  ['turn.before_send', { from: 1, below: 3 }],
  ['turn.after_accepted', { from: 1, below: 3 }],
  ['turn.before_end', { from: 1, below: 3 }],
] as const satisfies readonly [FailpointName, { from: number; below: number }][];

test(
  'killed between two steps, each in its turn, it loses nothing that it answered and does nothing twice',
  () =>
    surviveKills((n, random) => {
      const [name, { from, below }] = FAILPOINTS[n % FAILPOINTS.length] ?? FAILPOINTS[0];
      return `${name}:kill@${from + random.below(below)}`;
    }),
  LONGEST_MS,
);
