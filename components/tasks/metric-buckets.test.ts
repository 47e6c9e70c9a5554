import { expect, test } from 'vitest';
import type { MetricPoint } from '@/lib/protocol/metrics';
import { sampleTaskId } from '@/lib/testing/sample-task';
import { metricBuckets } from './metric-buckets';

const start = Date.parse('2026-11-21T12:00:00.000Z');
const point = (seconds: number, valueMs: number): MetricPoint => ({
  at: new Date(start + seconds * 1_000).toISOString(),
  valueMs,
  entry: seconds + 1,
  taskId: sampleTaskId(1),
});

test('points are gathered by time, with p50 and p95 of each stretch', () => {
  const buckets = metricBuckets([point(0, 10), point(1, 30), point(2, 20), point(100, 7)], 10);
  expect(buckets).toEqual([
    { at: start + 5_000, p50: 20, p95: 30, points: [point(0, 10), point(1, 30), point(2, 20)] },
    { at: start + 95_000, p50: 7, p95: 7, points: [point(100, 7)] },
  ]);
});

test('one point, or many at one moment, is one stretch; none is none', () => {
  expect(metricBuckets([point(5, 9), point(5, 11)], 40)).toMatchObject([{ p50: 9, p95: 11 }]);
  expect(metricBuckets([], 40)).toEqual([]);
});
