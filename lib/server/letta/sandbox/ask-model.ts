import { randomBytes } from 'node:crypto';
import { newLettaId } from './letta-id';
import type { ModelReply } from './model';
import { ModelFailure } from './model-failure';
import { pause } from './pace';
import { piecesOf, replyFrames } from './reply-stream';
import type { Sandbox } from './sandbox-context';
import type { ContentPart, StoredCall, StoredMessage } from './stored-message';
import { needsAnswer, type Turn } from './turn';
import { addCall, type Usage } from './usage';

export type Reply = { messageId: string; content: ContentPart[]; calls: StoredCall[] };
type Asked = { context: StoredMessage[]; usage: Usage };

const newCallId = () => `call_${randomBytes(12).toString('hex')}`;

function toCalls(reply: ModelReply): StoredCall[] {
  return (reply.calls ?? []).map((call) => ({
    id: newCallId(),
    name: call.name,
    arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
  }));
}

function toContent({ reasoning, text }: ModelReply): ContentPart[] {
  return [
    ...(reasoning ? [{ type: 'reasoning' as const, reasoning }] : []),
    ...(text ? [{ type: 'text' as const, text }] : []),
  ];
}

/**
 * Asks the model what it does next, at the pace of the sandbox; a turn that streams tokens tells the reply as it comes.
 * Throws ModelFailure when the model's provider fails, and whatever ends the turn in the middle.
 */
export async function askModel(
  sandbox: Sandbox,
  turn: Turn,
  { context, usage }: Asked,
  stepId: string,
): Promise<{ reply: Reply; usage: Usage }> {
  const { pace, stopping } = sandbox;
  const { agent, blocks, tools } = turn;
  const offered = tools.map((tool) => ({
    name: tool.name,
    custom: tool.toolType === 'custom',
    parameters: parametersOf(tool.jsonSchema),
  }));
  const made = turn.model({ agent, blocks, tools: [...offered, ...turn.clientTools], context });
  const calls = toCalls(made);
  const messageId = newLettaId('message');
  await pause(pace.thinkMs, stopping, turn.interruptible);
  await speak(sandbox, turn, made, { id: messageId, runId: turn.runId, stepId, calls });
  if (made.failure) throw new ModelFailure(made.failure.type, made.failure.detail);
  const kept = agent.settings.parallelToolCalls ? calls : calls.slice(0, 1);
  const words = [made.reasoning ?? '', made.text ?? '', ...calls.map((call) => call.arguments)].join(' ');
  return { reply: { messageId, content: toContent(made), calls: kept }, usage: addCall(usage, context, words) };
}

function parametersOf(schema: Turn['tools'][number]['jsonSchema']): Turn['clientTools'][number]['parameters'] {
  const { parameters } = schema;
  return parameters !== null && typeof parameters === 'object' && !Array.isArray(parameters) ? parameters : {};
}

type Speaking = { id: string; runId: string; stepId: string; calls: StoredCall[] };

/** Lets the time pass that a reply takes, telling its pieces where the turn streams them. */
async function speak(sandbox: Sandbox, turn: Turn, made: ModelReply, { calls, ...ids }: Speaking): Promise<void> {
  const { pace, stopping, clock } = sandbox;
  const stream = { reasoning: made.reasoning ?? null, text: made.text ?? null, calls };
  const gated = (name: string) => needsAnswer(turn, name);
  const frames = turn.tokens ? replyFrames({ ...ids, createdAt: clock.now() }, stream, gated) : [];
  const count = turn.tokens ? frames.length : piecesOf(`${made.reasoning ?? ''} ${made.text ?? ''}`).length;
  const standsAt = made.stall ? Math.min(made.stall.afterTokens, count) : -1;
  for (let told = 0; told <= count; told += 1) {
    if (told === standsAt) await pause(made.stall?.ms ?? 0, stopping, turn.interruptible);
    const frame = frames[told];
    if (frame) await turn.emit(frame);
    if (told < count) await pause(made.tokenMs ?? pace.tokenMs, stopping, turn.interruptible);
  }
}
