import { test } from 'vitest';
import { LONGEST_MS, surviveKills } from './survive-kills';

test(
  'killed at any moment, again and again, it loses nothing that it answered and does nothing twice',
  () => surviveKills(() => null),
  LONGEST_MS,
);
