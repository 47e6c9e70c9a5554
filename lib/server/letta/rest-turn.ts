import { z } from 'zod';
import { AppError } from '@/lib/protocol/errors';
import { type AgentMessage, MessageType } from '@/lib/protocol/message';
import type { Delta, TurnEvent, Usage } from './gateway';
import { ACCEPTED } from './rest-acceptance';
import { describeBody, joinWords } from './rest-failure';
import { RawMessage, toAgentMessage } from './rest-message';
import { refusalIn } from './rest-refusal';
import { isSpoken, openStep, type Step } from './rest-step';

type TurnContext = {
  /** The input answers calls that waited, and is no message. */
  answers: boolean;
  /** Whether the agent is of an older kind: asked when it speaks, and not before anything is sent. */
  isOlder?(): Promise<boolean>;
  /** The newest messages that the engine has stored for a run, oldest first. */
  listRun(runId: string): Promise<AgentMessage[]>;
  /** Told once, as soon as the engine has named the run. */
  onRun(runId: string): void;
};

const Frame = z.looseObject({ message_type: z.string(), run_id: z.string().nullish() });
const count = z.number().catch(0);
const UsageFrame = z.looseObject({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  step_count: count,
});
const StopFrame = z.looseObject({ stop_reason: z.string() });
const ErrorFrame = z.looseObject({ message: z.string(), detail: z.string().nullish() });

/** Reasons with which a turn ends whose last step is stored; after any other one it is not. */
const STORED = new Set([
  'end_turn',
  'requires_approval',
  'tool_rule',
  'max_steps',
  'max_tokens_exceeded',
  'no_tool_call',
]);

/**
 * Reads the frames of one turn and tells what happens, token by token and then message by message.
 *
 * INVARIANT: a message is told only when the step that it belongs to is over, for only then has the engine stored it,
 * and only then is its id final. The engine streams no return of an answered call and drops parallel calls silently:
 * in both cases what it has stored is asked for while the tokens go on. Of an agent of an older kind it streams what is
 * said with pieces missing, a short text not at all: there all of the turn is read from what is stored in the end.
 * @throws AppError `agent.busy` or `request.invalid` when the engine refuses the input (nothing was done then),
 * `engine.unavailable` when the stream ends before the turn does
 */
export async function* readTurn(frames: AsyncIterable<unknown>, context: TurnContext): AsyncGenerator<TurnEvent> {
  const turn = new Turn(context);
  for await (const frame of frames) yield* turn.take(frame);
  yield* turn.close();
}

class Turn {
  readonly #context: TurnContext;
  readonly #told = new Set<string>();
  #runId: string | null = null;
  #accepted = false;
  #spoke = false;
  #step: Step | null = null;
  #returns: Promise<AgentMessage[]> | null = null;
  #returned = false;
  #stopReason: string | null = null;
  #error: string | null = null;
  #ended = false;

  constructor(context: TurnContext) {
    this.#context = context;
  }

  async *take(input: unknown): AsyncGenerator<TurnEvent> {
    const frame = Frame.safeParse(input).data ?? { message_type: 'unknown' };
    if (frame.message_type === 'error_message') {
      this.#fail(input);
      return;
    }
    if (frame.message_type === 'stop_reason') {
      this.#stopReason = StopFrame.safeParse(input).data?.stop_reason ?? 'error';
      if (STORED.has(this.#stopReason)) yield* this.#settle();
      return;
    }
    this.#name(frame.run_id ?? null);
    if (frame.message_type === 'ping') return;
    yield* this.#accept();
    if (frame.message_type === ACCEPTED) return;
    if (frame.message_type === 'usage_statistics') {
      yield { kind: 'usage', usage: toUsage(UsageFrame.parse(input)) };
      if (STORED.has(this.#stopReason ?? '')) yield* this.#end();
      return;
    }
    this.#spoke = true;
    yield* this.#hear(input);
  }

  /** The stream is over. */
  async *close(): AsyncGenerator<TurnEvent> {
    if (this.#stopReason === null && this.#error === null) {
      throw new AppError('engine.unavailable', 'The connection to Letta ended before the turn did.');
    }
    yield* this.#end();
  }

  /** Once. What is stored is over for whoever reads it; the engine takes a while longer to close its run. */
  async *#end(): AsyncGenerator<TurnEvent> {
    if (this.#ended) return;
    this.#ended = true;
    yield* this.#accept();
    this.#awaitReturns();
    yield* this.#settleReturns();
    yield* this.#tellStored();
    yield { kind: 'ended', stopReason: this.#stopReason ?? 'error', error: this.#error };
  }

  async #isOlder(): Promise<boolean> {
    return (await this.#context.isOlder?.()) ?? false;
  }

  async *#tellStored(): AsyncGenerator<TurnEvent> {
    if (!this.#runId || !STORED.has(this.#stopReason ?? '') || !(await this.#isOlder())) return;
    for (const message of await this.#context.listRun(this.#runId)) {
      if (isSpoken(message.messageType) || message.messageType === 'tool_return_message') yield* this.#tell(message);
    }
  }

  #name(runId: string | null): void {
    if (runId === null || this.#runId !== null) return;
    this.#runId = runId;
    this.#context.onRun(runId);
  }

  *#accept(): Generator<TurnEvent> {
    if (this.#accepted) return;
    this.#accepted = true;
    yield { kind: 'accepted', runId: this.#runId };
  }

  async *#hear(input: unknown): AsyncGenerator<TurnEvent> {
    const parsed = RawMessage.safeParse(input);
    const type = MessageType.safeParse(parsed.data?.message_type).data;
    if (!parsed.success || type === undefined || !isSpoken(type)) {
      yield* this.#settle();
      if (!(await this.#isOlder())) yield* this.#tell(toAgentMessage(input));
      return;
    }
    const stepId = parsed.data.step_id ?? parsed.data.id;
    if (this.#step?.id !== stepId) {
      yield* this.#settle();
      this.#awaitReturns();
      this.#step = openStep(stepId);
    }
    for (const delta of this.#step.add(parsed.data, type)) yield this.#toDelta(parsed.data, type, delta);
  }

  #toDelta(frame: RawMessage, messageType: MessageType, delta: Delta): TurnEvent {
    return { kind: 'delta', messageId: frame.id, messageType, runId: this.#runId, delta };
  }

  /** What waited before this step began, then the step itself. */
  async *#settle(): AsyncGenerator<TurnEvent> {
    yield* this.#settleReturns();
    const step = this.#step;
    this.#step = null;
    if (!step || (await this.#isOlder())) return;
    const stored = step.doubtful() && this.#runId ? await this.#context.listRun(this.#runId) : [];
    const kept = stored.filter((message) => step.made(message.messageId));
    if (kept.length > 0) for (const message of kept) yield* this.#tell(message);
    else for (const { message, deltaId } of step.finish()) yield* this.#tell(message, deltaId);
  }

  /** An answered call's return is stored before the model speaks again, and streamed only when the tool ran. */
  #awaitReturns(): void {
    if (!this.#context.answers || this.#returned || this.#returns || !this.#runId) return;
    this.#returns = this.#context.listRun(this.#runId);
    this.#returns.catch(() => undefined); // awaited, and thrown, where the messages are told
  }

  async *#settleReturns(): AsyncGenerator<TurnEvent> {
    const stored = (await this.#returns) ?? [];
    this.#returns = null;
    for (const message of stored) if (message.messageType === 'tool_return_message') yield* this.#tell(message);
  }

  *#tell(message: AgentMessage, deltaId: string = message.messageId): Generator<TurnEvent> {
    const key = `${message.messageId} ${message.messageType}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    if (message.messageType === 'tool_return_message') this.#returned = true;
    yield { kind: 'message', message, ...(deltaId === message.messageId ? {} : { deltaId }) };
  }

  #fail(input: unknown): void {
    const said = ErrorFrame.safeParse(input).data;
    const words = said ? joinWords(said.message, said.detail) : (describeBody(input) ?? 'the turn failed');
    const refusal = this.#spoke ? null : refusalIn(words);
    if (refusal) throw refusal;
    this.#error = words;
  }
}

function toUsage(frame: z.infer<typeof UsageFrame>): Usage {
  return {
    promptTokens: frame.prompt_tokens,
    completionTokens: frame.completion_tokens,
    totalTokens: frame.total_tokens,
    steps: frame.step_count,
  };
}
