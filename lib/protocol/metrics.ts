import { z } from 'zod';
import { TaskId } from './ids';
import { Instant, Name, Timestamp } from './text';

/** What is measured of tasks, each against the target of seed 001. */
export const TaskMetric = z.enum(['acknowledgement', 'update-gap', 'handoff', 'recovery']);
export type TaskMetric = z.infer<typeof TaskMetric>;

/** The question that a chart of it answers, and the seed's target in milliseconds. */
export const taskMetrics: Record<TaskMetric, { question: string; about: string; targetMs: number }> = {
  acknowledgement: {
    question: 'How long do acknowledgements take?',
    about: 'From the arrival of a report to its answer’s place in the ledger.',
    targetMs: 500,
  },
  'update-gap': {
    question: 'How long are agents silent between reports?',
    about: 'From one report of a task to its next, while its agent was at work.',
    targetMs: 30_000,
  },
  handoff: {
    question: 'How long do handoffs take?',
    about: 'From the request for handoff to its acceptance.',
    targetMs: 1_000,
  },
  recovery: {
    question: 'How long do recoveries take?',
    about: 'From the moment at which an agent counts as failed to its next sign.',
    targetMs: 10_000,
  },
};

/** Of each series at most so many points count, the newest. */
export const METRIC_POINTS_MAX = 2_000;

/**
 * Of one task, of one agent by its own name, or of a principal's tasks; `from` and `to` are when it was measured.
 * `points`: how many of them are wanted beside the figures, the newest.
 */
export const MetricQuery = z.object({
  task: TaskId.optional(),
  agent: Name.optional(),
  principal: Name.optional(),
  from: Instant.optional(),
  to: Instant.optional(),
  points: z.coerce
    .number()
    .int()
    .min(0, 'points is 0–2,000')
    .max(METRIC_POINTS_MAX, 'points is 0–2,000')
    .default(METRIC_POINTS_MAX),
});
export type MetricQuery = z.infer<typeof MetricQuery>;

/** `entry` is the seq of the entry that proves it. */
export const MetricPoint = z.object({
  at: Timestamp,
  valueMs: z.number(),
  entry: z.number().int().positive(),
  taskId: TaskId,
});
export type MetricPoint = z.infer<typeof MetricPoint>;

/**
 * `count`: the newest points of which the figures are, at most 2,000; `over` of them are beyond the target. p50 and p95 are
 * null without any. `points` are those that were wanted, oldest first.
 */
export const MetricSeries = z.object({
  metric: TaskMetric,
  question: z.string(),
  about: z.string(),
  targetMs: z.number(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  count: z.number().int(),
  over: z.number().int(),
  points: z.array(MetricPoint),
});
export type MetricSeries = z.infer<typeof MetricSeries>;

export const MetricSeriesList = z.object({ items: z.array(MetricSeries), next: z.null() });
