import { percentile as percentileOf } from '@/lib/domain/percentile';

/** As in lib/domain, of samples that must not be empty. */
export function percentile(samples: readonly number[], share: number): number {
  const value = percentileOf(samples, share);
  if (value === null) throw new Error('no samples');
  return value;
}
