import { APIConnectionError, APIError } from '@letta-ai/letta-client';
import { z } from 'zod';
import { AppError, isAppError } from '@/lib/protocol/errors';
import type { CallAnswer, Thread, TurnEvent, TurnInput } from './gateway';
import { tellAcceptance } from './rest-acceptance';
import { isOlderKind } from './rest-agent-kinds';
import type { RestClient } from './rest-client';
import { toAppError } from './rest-failure';
import { listRunMessages } from './rest-history';
import { readTurn } from './rest-turn';

type Body = { messages: Parameters<RestClient['letta']['agents']['messages']['create']>[1]['messages'] };

const Frames = z.custom<AsyncIterable<unknown>>(
  (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
  'no stream of events',
);

/** Sends an input and reads the turn that follows. `onRun` learns the run's id as soon as the engine names it. */
export async function* sendInput(
  client: RestClient,
  thread: Thread,
  input: TurnInput,
  options: { signal?: AbortSignal | undefined; onRun: (runId: string) => void },
): AsyncGenerator<TurnEvent> {
  options.signal?.throwIfAborted();
  const connection = new AbortController();
  const leave = () => connection.abort();
  options.signal?.addEventListener('abort', leave);
  try {
    const frames = receive(client, thread, input, connection);
    // Answers begin no step of their own: that they were taken shows in what comes of them.
    yield* readTurn(input.kind === 'answers' ? frames : tellAcceptance(frames, client, leave), {
      answers: input.kind === 'answers',
      isOlder: () => isOlderKind(client, thread.agentId),
      listRun: (runId) => listRunMessages(client, runId),
      onRun: options.onRun,
    });
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', leave);
    leave();
  }
}

async function bodyFor(client: RestClient, thread: Thread, input: TurnInput): Promise<Body> {
  if (input.kind !== 'answers') return toBody(input);
  const isOlder = await isOlderKind(client, thread.agentId).catch((error: unknown) => {
    if (!isAppError(error) || error.code !== 'engine.unavailable') throw error;
    // Nothing has been sent yet, so nothing can have happened.
    throw new AppError('engine.not_reached', error.message, { cause: error });
  });
  return isOlder ? toOlderBody(input) : toBody(input);
}

/** Sends an input; the frames of the answer. An error in mid-stream is a frame too; silence for `timeoutMs`, pings included, is a failure. */
export async function* receive(
  client: RestClient,
  thread: Thread,
  input: TurnInput,
  connection: AbortController,
): AsyncGenerator<unknown> {
  let silent = false;
  const watch = () =>
    setTimeout(() => {
      silent = true;
      connection.abort();
    }, client.timeoutMs);
  const stalled = () =>
    new AppError('engine.unavailable', `Letta went silent for ${Math.ceil(client.timeoutMs / 1_000)} s in a turn.`);
  let watchdog = watch();
  try {
    const body = await bodyFor(client, thread, input);
    const frames = Frames.parse(await post(client, thread, body, connection.signal));
    for await (const frame of frames) {
      clearTimeout(watchdog);
      yield frame; // the time that the reader takes is not the engine's
      watchdog = watch();
    }
    if (silent) throw stalled(); // the library ends an aborted stream as if it were complete
  } catch (error) {
    if (silent) throw stalled();
    if (!isErrorFrame(error))
      throw error instanceof AppError ? error : toAppError(error, { agentId: thread.agentId, sends: true });
    yield { message_type: 'error_message', ...errorFields(error) };
  } finally {
    clearTimeout(watchdog);
  }
}

/** HAZARD: neither route recognises a repeated otid in the foreground, so a second POST would be a second turn. */
function post(client: RestClient, thread: Thread, body: Body, signal: AbortSignal): PromiseLike<unknown> {
  const streamed = { ...body, streaming: true as const, stream_tokens: true, include_pings: true };
  const options = { maxRetries: 0, timeout: client.timeoutMs, signal };
  // The route `conversations/default` would refuse concurrent sends, but keeps its lock for 5 minutes after a cancel.
  return thread.threadId === null
    ? client.letta.agents.messages.create(thread.agentId, streamed, options)
    : client.letta.conversations.messages.create(thread.threadId, streamed, options);
}

function toBody(input: TurnInput): Body {
  if (input.kind === 'answers') {
    const answers = { type: 'approval' as const, approvals: input.answers.map(toApproval) };
    return { messages: [answers, ...(input.joined ? [toUserMessage(input.joined)] : [])] };
  }
  if (input.kind === 'user') return { messages: [toUserMessage(input)] };
  const { text: content, otid } = input;
  return { messages: [{ role: 'system', content, otid, sender_id: input.senderId, name: input.senderName }] };
}

/**
 * HAZARD: an agent of an older kind reads only the fields that the server calls deprecated. To any other answer it makes
 * its request again, with the same call, for ever (letta 0.16.8). It can be given no result: it is denied then, and reads
 * what came of its call as the reason. Words that come along would make it forget the answer, so they are left out here.
 */
function toOlderBody({ answers }: Extract<TurnInput, { kind: 'answers' }>): Body {
  const approvals = answers.map(toApproval);
  const [answer] = answers; // it makes one call at a time
  if (!answer) return { messages: [{ type: 'approval', approvals }] };
  const reason =
    answer.kind !== 'result'
      ? answer.reason
      : answer.status === 'error'
        ? answer.text
        : `This is no error. The call was carried out elsewhere, with this result: ${answer.text}`;
  const older = { approve: answer.kind === 'approve', ...(reason === undefined ? {} : { reason }) };
  return { messages: [{ type: 'approval', approvals, ...older }] };
}

const toUserMessage = ({ text, otid, senderName }: { text: string; otid: string; senderName?: string }) => ({
  role: 'user' as const,
  content: text,
  otid,
  ...(senderName ? { name: senderName } : {}),
});

function toApproval(answer: CallAnswer) {
  const tool_call_id = answer.toolCallId;
  if (answer.kind === 'result')
    return { type: 'tool' as const, tool_call_id, tool_return: answer.text, status: answer.status };
  const reason = answer.reason === undefined ? {} : { reason: answer.reason };
  return { type: 'approval' as const, tool_call_id, approve: answer.kind === 'approve', ...reason };
}

/** The library throws an `event: error` as an APIError without a status; one of a connection has none either. */
const isErrorFrame = (error: unknown): error is APIError =>
  error instanceof APIError &&
  error.status === undefined &&
  !(error instanceof APIConnectionError) &&
  error.error !== undefined;

const errorFields = (error: APIError): object =>
  typeof error.error === 'object' && error.error !== null ? error.error : { message: String(error.error) };
