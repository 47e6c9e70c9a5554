import { z } from 'zod';
import { TaskId, TaskMessageId } from './ids';
import type { Goodbye } from './socket';
import { type TaskAnswer, TaskInstruction } from './task-message';

/** Namespace of agents, on SOCKET_PATH. */
export const AGENT_NAMESPACE = '/agent';

/** `message` is a report of the seed, parsed by the use case so that what does not parse is recorded as refused. */
export const AgentMessageEvent = z.object({ taskId: TaskId, message: z.unknown() });

/** A sign of life without a report, and receipts. */
export const AgentHeartbeatEvent = z.object({
  taskId: TaskId,
  acknowledge: z.array(TaskMessageId).max(500).default([]),
});

/** What the server sends as `instruction`, `control` or `status_request`. The client's ack is the receipt. */
export const AgentPush = z.object({ taskId: TaskId, message: TaskInstruction });
export type AgentPush = z.infer<typeof AgentPush>;

export type AgentMessageAck =
  | { ok: true; answer: TaskAnswer; instructions: TaskInstruction[] }
  | { ok: false; error: { code: string; message: string; fields?: Record<string, string> } };

export type AgentHeartbeatAck = { ok: true } | { ok: false; error: { code: string; message: string } };

/** Events of the namespace. What is not known as an event of these is not answered. */
export type AgentToServer = {
  message: (report: unknown, ack?: (answer: AgentMessageAck) => void) => void;
  heartbeat: (sign: unknown, ack?: (answer: AgentHeartbeatAck) => void) => void;
};
export type AgentPushEvent = 'instruction' | 'control' | 'status_request';
export type ServerToAgent = Record<AgentPushEvent, (push: AgentPush, receipt: () => void) => void> & {
  goodbye: (goodbye: Goodbye) => void;
};
