import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 8_192;
let pool = Buffer.alloc(0);

/** Random bytes for good, taken from larger pieces: asking the system for each few costs more than hashing an entry. */
export function randomBytes(count: number): Buffer {
  if (pool.length < count) pool = randomFillSync(Buffer.alloc(Math.max(POOL_BYTES, count)));
  const taken = pool.subarray(0, count);
  pool = pool.subarray(count);
  return taken;
}
