import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { findRole, type Heard, isSaidTo, type ScriptedMove, type ScriptedRole } from './scripted-role';

/** A language model on loopback, in OpenAI's dialect, that does what it is told beforehand. */
export type ScriptedModel = {
  /** Base address for OPENAI_BASE_URL. */
  url: string;
  /** The name under which Letta 0.16.8 offers it. */
  handle: string;
  /**
   * Gives a text that makes the agent who hears it do `moves`, one a step. The text carries the name of its script, and
   * the step is counted from the transcript that comes with each request: agents may run at the same time.
   */
  ask(moves: ScriptedMove[]): string;
  /** Requests that were answered for the script of `text`: more than its moves means that somebody sent it twice. */
  turnsOf(text: string): number;
  /** From now on plays a role. `requests` were answered in it: more than its moves means that somebody sent one twice. */
  play(role: ScriptedRole): { requests(): number };
  stop(): Promise<void>;
};

const MODEL = 'scripted';
const WORD_PAUSE_MS = 100;
const named = /\[script:([0-9a-f-]{36})\]/g;

const Text = z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() })), z.null()]).optional();
const Request = z.looseObject({
  stream: z.boolean().optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: Text })),
});
type Request = z.infer<typeof Request>;

type Script = { moves: ScriptedMove[]; turns: number };

/** What the model knows to do: scripts by their names, roles with the requests answered in them. */
type Repertoire = { scripts: Map<string, Script>; roles: Map<ScriptedRole, number> };

/** Starts the model on a free port of the loopback address. */
export async function startScriptedModel(): Promise<ScriptedModel> {
  const repertoire: Repertoire = { scripts: new Map(), roles: new Map() };
  const { scripts, roles } = repertoire;
  const server = createServer((request, response) => {
    answer(repertoire, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the scripted model has no port');

  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    handle: `openai-proxy/${MODEL}`,
    ask: (moves) => {
      const id = randomUUID();
      scripts.set(id, { moves, turns: 0 });
      return `Please carry on. [script:${id}]`;
    },
    turnsOf: (text) => scripts.get(lastScriptIn(text) ?? '')?.turns ?? 0,
    play: (role) => {
      roles.set(role, 0);
      return { requests: () => roles.get(role) ?? 0 };
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(repertoire: Repertoire, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // HAZARD: a model that closes idle keep-alive connections makes Letta 0.16.8 stall for 60 s.
  response.setHeader('connection', 'close');
  if (request.url?.endsWith('/models')) {
    sendJson(response, 200, { object: 'list', data: [{ id: MODEL, object: 'model', created: 0, owned_by: 'parley' }] });
    return;
  }
  const asked = Request.parse(JSON.parse(await readBody(request)));
  const move = nextMove(repertoire, asked);
  if (move.thinkMs) await pause(move.thinkMs);
  await move.after;
  if (move.kind === 'fail')
    sendJson(response, 400, {
      error: { message: 'the scripted model was told to fail', type: 'invalid_request_error' },
    });
  else if (asked.stream) await stream(response, move);
  else sendJson(response, 200, completion(move));
}

/** Every answer since what is acted on was said is one move; the rest is still to come. */
function nextMove({ scripts, roles }: Repertoire, asked: Request): ScriptedMove {
  const heard = asked.messages.map(({ role, content }): Heard => ({ role, text: textOf(content) }));
  const role = findRole([...roles.keys()], heard);
  const plans = heard.map((message, index) => {
    const script = scripts.get(lastScriptIn(message.text) ?? '');
    if (script) return { moves: script.moves, count: () => (script.turns += 1) };
    const moves = role && isSaidTo(message, index) ? role.answer(message.text) : null;
    return role && moves ? { moves, count: () => roles.set(role, (roles.get(role) ?? 0) + 1) } : null;
  });
  const at = plans.findLastIndex((plan) => plan !== null);
  const plan = plans[at];
  if (!plan) return { kind: 'say', text: 'Nobody told me what to say.' };
  plan.count();
  const done = heard.slice(at + 1).filter((message) => message.role === 'assistant').length;
  const move = plan.moves[done] ?? { kind: 'say', text: 'My script has ended.' };
  if (move.kind !== 'say' || !move.quotes) return move;
  const returned = heard.findLast((message) => message.role === 'tool')?.text ?? 'nothing';
  return { ...move, text: `${move.text} ${returned}` };
}

const lastScriptIn = (text: string): string | undefined => [...text.matchAll(named)].at(-1)?.[1];

const textOf = (content: z.infer<typeof Text>): string =>
  typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join('');

type Spoken = Exclude<ScriptedMove, { kind: 'fail' }>;

function usageOf({ contextTokens = 100 }: Spoken) {
  return { prompt_tokens: contextTokens, completion_tokens: 20, total_tokens: contextTokens + 20 };
}

function toolCalls(move: Spoken) {
  if (move.kind === 'say') return [];
  return move.calls.map((call, index) => ({
    index,
    id: `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`,
    type: 'function',
    function: { name: call.tool, arguments: JSON.stringify(call.arguments) },
  }));
}

function completion(move: Spoken) {
  const calls = toolCalls(move);
  return {
    ...envelope('chat.completion'),
    choices: [
      {
        index: 0,
        finish_reason: calls.length > 0 ? 'tool_calls' : 'stop',
        message: {
          role: 'assistant',
          content: move.text ?? null,
          ...(move.reasoning ? { reasoning_content: move.reasoning } : {}),
          ...(calls.length > 0 ? { tool_calls: calls } : {}),
        },
      },
    ],
    usage: usageOf(move),
  };
}

async function stream(response: ServerResponse, move: Spoken): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const id = envelope('chat.completion.chunk');
  const send = (delta: object, finish_reason: string | null = null) =>
    response.write(`data: ${JSON.stringify({ ...id, choices: [{ index: 0, delta, finish_reason }] })}\n\n`);
  const calls = toolCalls(move);
  const words = (text: string | undefined) => text?.match(/\s*\S+\s*$|\s*\S+/g) ?? [];

  send({ role: 'assistant', content: '' });
  for (const reasoning_content of words(move.reasoning)) send({ reasoning_content });
  for (const content of words(move.text)) {
    if (move.kind === 'say' && move.slowly) await pause(WORD_PAUSE_MS);
    if (response.destroyed) return;
    send({ content });
  }
  for (const { function: called, ...call } of calls) {
    send({ tool_calls: [{ ...call, function: { name: called.name, arguments: '' } }] });
    for (const piece of called.arguments.match(/.{1,12}/gs) ?? []) {
      if (move.slowly) await pause(WORD_PAUSE_MS);
      if (response.destroyed) return;
      send({ tool_calls: [{ index: call.index, function: { arguments: piece } }] });
    }
  }
  send({}, calls.length > 0 ? 'tool_calls' : 'stop');
  response.write(`data: ${JSON.stringify({ ...id, choices: [], usage: usageOf(move) })}\n\n`);
  response.end('data: [DONE]\n\n');
}

const envelope = (object: string) => ({ id: `chatcmpl-${randomUUID()}`, object, created: 0, model: MODEL });

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
