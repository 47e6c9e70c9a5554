import { z } from 'zod';
import { AgentId, ConversationId, SeatId } from './ids';
import { Instant, Timestamp } from './text';

/** Whoever takes longer than this to answer is a bottleneck (seed 002), in milliseconds. */
export const BOTTLENECK_MS = 30_000;

/** When it happened. */
export const TalkQuery = z.object({ from: Instant.optional(), to: Instant.optional() });
export type TalkQuery = z.infer<typeof TalkQuery>;

/**
 * A message that arrived, or an answer: `entry` is the seq of the entry that proves it, `streamSeq` its place in its
 * conversation, `fromSeat` and `toSeat` those of the two who talk (null: without a seat there). `valueMs` is how long the message was on
 * its way, or how long the answer was waited for; null where that is not known.
 */
export const TalkPoint = z.object({
  at: Timestamp,
  valueMs: z.number().nullable(),
  entry: z.number().int().positive(),
  streamSeq: z.number().int().positive(),
  conversationId: ConversationId,
  fromSeat: SeatId.nullable(),
  toSeat: SeatId.nullable(),
});
export type TalkPoint = z.infer<typeof TalkPoint>;

/** Everything between two agents in one direction. `newest` and `slowest` are the messages and answers to look at. */
export const TalkPair = z.object({
  from: AgentId,
  to: AgentId,
  messages: z.number().int(),
  newest: z.array(TalkPoint),
  answers: z.number().int(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  over: z.number().int(),
  slowest: z.array(TalkPoint),
});
export type TalkPair = z.infer<typeof TalkPair>;

/** An agent that wrote or was written to. `p50Ms`: how long it takes to answer, whomever. */
export const TalkAgent = z.object({
  agentId: AgentId,
  name: z.string(),
  messages: z.number().int(),
  p50Ms: z.number().nullable(),
});
export type TalkAgent = z.infer<typeof TalkAgent>;

/** The newest messages between agents, whoever carried them: those who talk most come first. */
export const TalkFigures = z.object({
  about: z.string(),
  targetMs: z.number(),
  messages: z.number().int(),
  answers: z.number().int(),
  agents: z.array(TalkAgent),
  pairs: z.array(TalkPair),
});
export type TalkFigures = z.infer<typeof TalkFigures>;
