import { toLettaMessages } from './letta-message';
import { checkpoint, placed } from './message-store';
import type { Sandbox } from './sandbox-context';
import type { DraftMessage, StoredMessage } from './stored-message';
import type { Turn } from './turn';
import type { Usage } from './usage';

/** What a step is taken from: the messages that the model sees, and which of them, at the end, are not stored yet. */
export type StepStart = { context: StoredMessage[]; waiting: StoredMessage[]; usage: Usage };
export type StepEnd = { context: StoredMessage[]; stopReason: string | null; usage: Usage };

type Made = { drafts: DraftMessage[]; stepId: string | null; told?: boolean };

/** Stores input and outcome together, then tells what has not been told piece by piece. */
export async function finishStep(
  sandbox: Sandbox,
  turn: Turn,
  { context, waiting }: StepStart,
  { drafts, stepId, told = true }: Made,
): Promise<{ context: StoredMessage[] }> {
  sandbox.stopping.throwIfAborted();
  const place = { agentId: turn.agent.id, conversationId: turn.conversationId, runId: turn.runId, stepId };
  const added = placed(drafts, place, sandbox.clock.now());
  const input = waiting.map((message) => ({ ...message, stepId }));
  const before = context.slice(0, context.length - waiting.length);
  const after = [...before, ...input, ...added];
  await checkpoint(sandbox, [...input, ...added], after);
  for (const message of added) {
    const streamed = turn.tokens && message.body.role !== 'tool';
    if (streamed || !told) continue;
    for (const shown of toLettaMessages(message)) await turn.emit(shown);
  }
  return { context: after };
}
