import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentId } from '@/lib/protocol/ids';
import type { TurnInput } from './gateway';
import { createRestClient, type RestClient } from './rest-client';
import { sendInput } from './rest-send';

const joined = { text: 'Hurry.', otid: 'otid-1', senderName: 'Ana' };
const result = { kind: 'result' as const, toolCallId: 'call-1', status: 'success' as const, text: 'Sent.' };

let agentType: string;
let posted: unknown[];
let client: RestClient;
let stop: () => Promise<void>;

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  return JSON.parse(Buffer.concat(pieces).toString());
}

/** What goes out as the messages of one request. */
async function sent(input: TurnInput): Promise<unknown> {
  const thread = { agentId: AgentId.parse('agent-1'), threadId: null };
  for await (const event of sendInput(client, thread, input, { onRun: () => undefined })) expect(event).toBeTruthy();
  const [body, ...more] = posted;
  expect(more).toEqual([]);
  return body;
}

beforeEach(async () => {
  posted = [];
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      posted.push(await bodyOf(request));
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end('data: {"message_type":"stop_reason","stop_reason":"end_turn"}\n\ndata: [DONE]\n\n');
    } else {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: 'agent-1', agent_type: agentType }));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  client = createRestClient({ baseUrl, log: pino({ level: 'silent' }), timeoutMs: 5_000 });
  stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
});
afterEach(() => stop());

describe('answers to a call', () => {
  it('carry a result, and what is said with them', async () => {
    agentType = 'letta_v1_agent';
    expect(await sent({ kind: 'answers', answers: [result], joined })).toMatchObject({
      messages: [
        { type: 'approval', approvals: [{ type: 'tool', tool_call_id: 'call-1', tool_return: 'Sent.' }] },
        { role: 'user', content: 'Hurry.' },
      ],
    });
    expect(JSON.stringify(posted)).not.toContain('"approve"');
  });

  it('[LF13] are of a form that an agent of an older kind reads, and nothing comes along', async () => {
    agentType = 'memgpt_v2_agent';
    expect(await sent({ kind: 'answers', answers: [result], joined })).toMatchObject({
      messages: [
        {
          approvals: [{ type: 'tool', tool_call_id: 'call-1' }],
          approve: false,
          reason: expect.stringMatching(/Sent\.$/),
        },
      ],
    });
    expect(JSON.stringify(posted)).not.toContain('Hurry.');
  });

  it('[LF13] let the call of such an agent run, or refuse it', async () => {
    agentType = 'memgpt_v2_agent';
    const approve = { kind: 'approve' as const, toolCallId: 'call-1', reason: 'Approved by Ana.' };
    expect(await sent({ kind: 'answers', answers: [approve] })).toMatchObject({
      messages: [{ approvals: [{ approve: true }], approve: true, reason: 'Approved by Ana.' }],
    });
    posted = [];
    const deny = { kind: 'deny' as const, toolCallId: 'call-1', reason: 'Rejected by Ana.' };
    expect(await sent({ kind: 'answers', answers: [deny] })).toMatchObject({
      messages: [{ approvals: [{ approve: false }], approve: false, reason: 'Rejected by Ana.' }],
    });
  });
});
