import { createHash } from 'node:crypto';

/** One of the options, decided by the seed alone: the same seed always picks the same. */
export function pick<Option>(options: readonly [Option, ...Option[]], seed: string): Option {
  const number = createHash('sha256').update(seed).digest().readUInt32BE(0);
  return options[number % options.length] ?? options[0];
}
