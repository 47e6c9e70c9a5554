import { randomUUID } from 'node:crypto';
import { Letta } from '@letta-ai/letta-client';
import type { AgentCreateParams } from '@letta-ai/letta-client/resources/agents';
import { z } from 'zod';
import { createLog } from '@/lib/server/log';
import { createTestDatabase } from '@/lib/testing/test-database';
import type { SandboxScript } from './scripted';
import { type RunningSandbox, startSandbox } from './start-sandbox';

const text = z.string().nullish();

/** What came over the wire, with members that the client's types do not have or name otherwise. */
const RawObject = z.looseObject({
  id: text,
  message_type: text,
  date: text,
  otid: text,
  run_id: text,
  step_id: text,
  content: z.unknown().optional(),
  reasoning: text,
  tool_call: z.unknown().optional(),
});
type RawObject = z.infer<typeof RawObject>;

/** A frame of a stream as it came: the name of its event, and its JSON or the text `[DONE]`. */
export type RawFrame = { event: string | null; data: RawObject | '[DONE]' };

const MODERN = { 'content-type': 'application/json', 'x-stainless-package-version': '1.12.1' };

/** Text that makes an agent on `sandbox/scripted` do these steps. */
export const scriptOf = (...script: SandboxScript['script']): string => JSON.stringify({ script });

export type TestSandbox = Awaited<ReturnType<typeof startTestSandbox>>;

/** A sandbox on a database of its own, with the real client; `again` starts another instance on the same state. */
export async function startTestSandbox() {
  const database = await createTestDatabase();
  const workspaceId = randomUUID();
  const running: RunningSandbox[] = [];
  const again = async (paceMs: number | 'instant' = 'instant') => {
    const log = createLog({ logLevel: 'silent' });
    const { pool } = database;
    const sandbox = await startSandbox({ pool, workspaceId, host: '127.0.0.1', log, paceMs });
    running.push(sandbox);
    return { ...sandbox, client: new Letta({ baseURL: sandbox.url, apiKey: null, maxRetries: 0 }) };
  };
  const first = await again();
  const agent = async (body: Partial<AgentCreateParams> = {}) =>
    first.client.agents.create({ name: 'Test', model: 'sandbox/scripted', include_base_tools: false, ...body });
  return {
    ...first,
    database,
    again,
    agent,
    /** Says a text to an agent and waits for all that comes of it. */
    say: (agentId: string, text: string) =>
      first.client.agents.messages.create(agentId, { messages: [{ role: 'user', content: text }] }),
    /** Every message of an agent's listing, oldest first. */
    transcript: async (agentId: string) => (await first.client.agents.messages.list(agentId, { limit: 1000 })).items,
    /** The same as plain objects, for members that the client's types do not have. */
    rawTranscript: (agentId: string) => getRaw(`${first.url}/v1/agents/${agentId}/messages?limit=1000`),
    /** The frames of a stream, to the letter; `seen` is told what has come so far, whenever something has. */
    stream: (agentId: string, body: object, seen?: (frames: RawFrame[]) => Promise<void>) =>
      readFrames(`${first.url}/v1/agents/${agentId}/messages`, body, seen),
    post: (path: string, body: unknown, headers: Record<string, string> = MODERN) =>
      request(`${first.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }),
    drop: async () => {
      await Promise.all(running.map((sandbox) => sandbox.stop()));
      await database.drop();
    },
  };
}

/** The one place where the tests go around the client. */
// biome-ignore lint/style/noRestrictedGlobals: what the client hides can only be seen by hand
const request = fetch;

async function getRaw(url: string): Promise<RawObject[]> {
  const answer = await request(url, { headers: MODERN });
  return z.array(RawObject).parse(await answer.json());
}

async function readFrames(
  url: string,
  body: object,
  seen?: (frames: RawFrame[]) => Promise<void>,
): Promise<RawFrame[]> {
  const answer = await request(url, {
    method: 'POST',
    headers: MODERN,
    body: JSON.stringify({ streaming: true, ...body }),
  });
  const decoder = new TextDecoder();
  let heard = '';
  for await (const chunk of answer.body ?? []) {
    heard += decoder.decode(chunk, { stream: true });
    await seen?.(framesIn(heard.slice(0, heard.lastIndexOf('\n\n') + 2)));
  }
  return framesIn(heard);
}

function framesIn(stream: string): RawFrame[] {
  return stream
    .split('\n\n')
    .filter(Boolean)
    .map((chunk) => {
      const lines = chunk.split('\n');
      const field = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? null;
      const data = field('data') ?? '';
      return { event: field('event'), data: data === '[DONE]' ? data : RawObject.parse(JSON.parse(data)) };
    });
}

/** Types of the frames, in order; the mark at the end as it is. */
export const typesOf = (frames: RawFrame[]): unknown[] =>
  frames.map(({ data }) => (data === '[DONE]' ? data : data.message_type));

/** The frames of one type, without their events. */
export const framesOf = (frames: RawFrame[], type: string): RawObject[] =>
  frames.flatMap(({ data }) => (data !== '[DONE]' && data.message_type === type ? [data] : []));

const Request = z.looseObject({
  ...{ id: z.string(), run_id: z.string(), step_id: z.string(), message_type: z.literal('approval_request_message') },
  tool_calls: z.array(z.object({ tool_call_id: z.string(), name: z.string(), arguments: z.string() })),
});

/** The request for approval among messages, and the ids of the calls that wait. Fails where there is none. */
export function requestIn(messages: unknown[]) {
  const [request] = messages.flatMap((message) => Request.safeParse(message).data ?? []);
  if (!request) throw new Error('no approval was asked for');
  const ids = request.tool_calls.map((call) => call.tool_call_id);
  return { request, ids, id: ids[0] ?? '' };
}
