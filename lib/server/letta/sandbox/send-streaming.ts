import type { ServerResponse } from 'node:http';
import type { JsonObject } from '@/lib/protocol/json';
import { beginTurn } from './begin-turn';
import { type EventStream, openEventStream } from './event-stream';
import type { LettaMessage } from './letta-message';
import { LettaRefusal, NO_REDIS, refuse } from './letta-refusal';
import { ModelFailure } from './model-failure';
import { createRun, endRun, findRun, startRun } from './run-store';
import { runTurn } from './run-turn';
import type { Sandbox } from './sandbox-context';
import type { Sending } from './send-blocking';
import { inputOf } from './send-request';
import { tracked } from './tracked';
import { TurnCancelled } from './turn';
import { wireUsage } from './usage';

const CANCEL_CHECK_MS = 500;
/** Rejects with TurnCancelled when the run was cancelled, from any instance; looks at most twice a second. */
function cancelWatch(sandbox: Sandbox, runId: string): () => Promise<void> {
  let lookedAt = performance.now();
  return async () => {
    if (performance.now() - lookedAt < CANCEL_CHECK_MS) return;
    lookedAt = performance.now();
    const run = await findRun(sandbox, runId);
    if (run?.status === 'cancelled') throw new TurnCancelled();
  };
}

type Failure = { stopReason: string; errorType: string; message: string; detail: string };

function describe(error: unknown): Failure {
  if (error instanceof ModelFailure) {
    return { stopReason: error.stopReason, ...error.streamed, detail: error.message };
  }
  const detail = error instanceof Error ? error.message : String(error);
  const own = error instanceof LettaRefusal && error.status === 409;
  const message = own ? detail : 'An unknown error occurred with the LLM streaming request.';
  return { stopReason: 'error', errorType: 'internal_error', message, detail };
}

const errorFrame = (runId: string, failure: Failure): JsonObject => ({
  message_type: 'error_message',
  run_id: runId,
  error_type: failure.errorType,
  message: failure.message,
  detail: failure.detail,
  seq_id: null,
});

const stopFrame = (stopReason: string): JsonObject => ({ message_type: 'stop_reason', stop_reason: stopReason });

/**
 * A failure before the agent said anything is told with its type, then `[DONE]`, and fails the run. One in the middle is
 * told as an internal error without `[DONE]`, and its run counts as COMPLETED: only the stop reason tells.
 */
async function tellFailure(sandbox: Sandbox, stream: EventStream, runId: string, error: unknown, spoke: boolean) {
  const failure = describe(error);
  const { stopReason } = failure;
  if (spoke) {
    const told = { ...failure, errorType: 'internal_error', message: 'An error occurred during agent execution.' };
    await endRun(sandbox, runId, { status: 'completed', stopReason });
    stream.data(stopFrame(stopReason));
    stream.error(errorFrame(runId, told));
    return;
  }
  const frame = errorFrame(runId, failure);
  await endRun(sandbox, runId, { status: 'failed', stopReason, error: frame });
  stream.data(stopFrame(stopReason));
  stream.error(frame);
  stream.done();
}

/**
 * A turn as server-sent events. Everything that goes wrong after the run was made comes inside of the stream, under the
 * status 200. The run is ended before the last frame, so that whoever has read the stream finds it ended.
 */
export async function sendStreaming(sandbox: Sandbox, sending: Sending, response: ServerResponse): Promise<void> {
  const { agent, conversation, request } = sending;
  if (request.background) throw refuse(503, `INTERNAL_SERVER_ERROR: ${NO_REDIS}`);
  const input = inputOf(request);
  const run = await createRun(sandbox, {
    agentId: agent.id,
    conversationId: conversation?.id ?? null,
    background: false,
    runType: conversation ? 'send_conversation_message' : 'send_message',
  });
  await startRun(sandbox, run.id);
  const stream = openEventStream(response, request.include_pings ? { runId: run.id, now: sandbox.clock.now } : null);
  const interruptible = cancelWatch(sandbox, run.id);
  let spoke = false;
  const emit = async (message: LettaMessage) => {
    await interruptible();
    spoke = true;
    stream.data(message);
  };
  const work = async () => {
    const told = { runId: run.id, tokens: request.stream_tokens, emit, interruptible };
    const turn = await beginTurn(sandbox, agent, conversation, request, told);
    const { stopReason, usage } = await runTurn(sandbox, turn, input);
    await endRun(sandbox, run.id, { status: stopReason === 'cancelled' ? 'cancelled' : 'completed', stopReason });
    stream.data(stopFrame(stopReason));
    stream.data(wireUsage(usage, request.stream_tokens));
    stream.done();
  };
  const failed = async (error: unknown) => {
    if (sandbox.stopping.aborted) response.destroy();
    else if (error instanceof TurnCancelled) stream.data(stopFrame('cancelled'));
    else await tellFailure(sandbox, stream, run.id, error, spoke);
  };
  await tracked(sandbox, work().catch(failed)).finally(() => stream.end());
}
