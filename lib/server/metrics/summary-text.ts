import { percentile } from '@/lib/domain/percentile';

const QUANTILES = [0.5, 0.95];

/** A summary in the text format of Prometheus, in seconds. Its quantiles are those of the charts, by nearest rank. */
export function summaryText(name: string, help: string, valuesMs: readonly number[]): string {
  const quantiles = QUANTILES.map((share) => {
    const ms = percentile(valuesMs, share);
    return `${name}{quantile="${share}"} ${ms === null ? 'NaN' : ms / 1_000}`;
  });
  const sumMs = valuesMs.reduce((sum, ms) => sum + ms, 0);
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} summary`,
    ...quantiles,
    `${name}_sum ${sumMs / 1_000}`,
    `${name}_count ${valuesMs.length}`,
    '',
  ].join('\n');
}
