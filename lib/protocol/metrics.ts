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

/** Of one task, of one agent by its own name, or of a principal's tasks; `from` and `to` are when it was measured. */
export const MetricQuery = z.object({
  task: TaskId.optional(),
  agent: Name.optional(),
  principal: Name.optional(),
  from: Instant.optional(),
  to: Instant.optional(),
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

/** The newest points, oldest first, at most 2,000. `over`: beyond the target. p50 and p95 are null without points. */
export const MetricSeries = z.object({
  metric: TaskMetric,
  question: z.string(),
  about: z.string(),
  targetMs: z.number(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  over: z.number().int(),
  points: z.array(MetricPoint),
});
export type MetricSeries = z.infer<typeof MetricSeries>;

export const MetricSeriesList = z.object({ items: z.array(MetricSeries), next: z.null() });
