import type { JsonObject } from '@/lib/protocol/json';
import type { AgentRecord } from './agent-store';
import { beginTurn } from './begin-turn';
import type { ConversationRecord } from './conversation-store';
import type { LettaMessage } from './letta-message';
import { LettaRefusal } from './letta-refusal';
import { ModelFailure } from './model-failure';
import { createRun, endRun, type RunRecord } from './run-store';
import { runTurn } from './run-turn';
import type { Sandbox } from './sandbox-context';
import { inputOf, type SendRequest, type TurnInput } from './send-request';
import { tracked } from './tracked';
import { wireUsage } from './usage';

/** Who is spoken to, and what was asked. `conversation` null is the agent's default thread. */
export type Sending = { agent: AgentRecord; conversation: ConversationRecord | null; request: SendRequest };

type LettaResponse = JsonObject & {
  messages: LettaMessage[];
  stop_reason: { message_type: string; stop_reason: string };
};

async function respond(
  sandbox: Sandbox,
  run: RunRecord,
  { agent, conversation, request }: Sending,
  input: [TurnInput, ...TurnInput[]],
): Promise<LettaResponse> {
  const messages: LettaMessage[] = [];
  const emit = async (message: LettaMessage) => {
    messages.push(message);
  };
  const told = { runId: run.id, tokens: false, emit, interruptible: async () => undefined };
  const turn = await beginTurn(sandbox, agent, conversation, request, told);
  const { stopReason, usage } = await runTurn(sandbox, turn, input);
  return {
    messages,
    stop_reason: { message_type: 'stop_reason', stop_reason: stopReason },
    usage: wireUsage(usage, false),
    logprobs: null,
    turns: null,
  };
}

/**
 * Runs a turn and ends its run. The run stays `created` meanwhile, and its end is written whatever happened to it in
 * between: one that was cancelled ends as `completed`, unless it had another step to take.
 */
async function respondAndEnd(
  sandbox: Sandbox,
  run: RunRecord,
  sending: Sending,
  input: [TurnInput, ...TurnInput[]],
  failedAs: string | null,
): Promise<LettaResponse> {
  try {
    const response = await respond(sandbox, run, sending, input);
    const { stop_reason: stopReason } = response.stop_reason;
    await endRun(sandbox, run.id, { status: stopReason === 'cancelled' ? 'cancelled' : 'completed', stopReason });
    return response;
  } catch (error) {
    sandbox.stopping.throwIfAborted();
    const summary = error instanceof Error ? error.message : String(error);
    await endRun(sandbox, run.id, { status: 'failed', stopReason: failedAs, error: summary });
    throw error instanceof ModelFailure ? error.toRefusal() : error;
  }
}

/** A turn on an agent's default thread, in one answer. */
export async function sendBlocking(sandbox: Sandbox, sending: Sending): Promise<LettaResponse> {
  const input = inputOf(sending.request);
  const agentId = sending.agent.id;
  const run = await createRun(sandbox, { agentId, conversationId: null, background: false, runType: 'send_message' });
  return tracked(sandbox, respondAndEnd(sandbox, run, sending, input, null));
}

/** The same on a conversation. The server forgets its run: it names no conversation and stays `created` for ever. */
export async function sendBlockingToConversation(sandbox: Sandbox, sending: Sending): Promise<LettaResponse> {
  const input = inputOf(sending.request);
  const runType = 'send_conversation_message';
  const run = await createRun(sandbox, { agentId: sending.agent.id, conversationId: null, background: false, runType });
  return tracked(sandbox, respond(sandbox, run, sending, input)).catch((error: unknown) => {
    throw error instanceof ModelFailure ? error.toRefusal() : error;
  });
}

/** A turn that goes on after the answer, which is its run. */
export async function sendAsync(sandbox: Sandbox, sending: Sending): Promise<RunRecord> {
  const input = inputOf(sending.request);
  const runType = 'send_message_async';
  const run = await createRun(sandbox, { agentId: sending.agent.id, conversationId: null, background: true, runType });
  tracked(sandbox, respondAndEnd(sandbox, run, sending, input, 'error')).catch((error: unknown) => {
    const expected = error instanceof LettaRefusal || sandbox.stopping.aborted;
    if (!expected) sandbox.log.error({ err: error, runId: run.id }, 'sandbox: an asynchronous turn failed');
  });
  return run;
}
