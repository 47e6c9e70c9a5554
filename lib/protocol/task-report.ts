import { z } from 'zod';
import { WireEntry } from './entry';
import { TaskAnswer, TaskInstruction } from './task-message';

/**
 * What answers a report: the principal's message of the seed, instructions that were waiting, and the entry that keeps
 * the report. A repeated report is answered as before; instructions that come along again say `redelivered`.
 */
export const ReportAnswer = z.object({
  answer: TaskAnswer,
  instructions: z.array(TaskInstruction),
  entry: WireEntry,
});
export type ReportAnswer = z.infer<typeof ReportAnswer>;
