import { z } from 'zod';
import type { JsonValue } from '@/lib/protocol/json';
import { type AgentRecord, listAgents } from './agent-store';
import { awaitedMessage, oneWayMessage } from './incoming-message';
import { LettaRefusal } from './letta-refusal';
import { pythonRepr } from './python-text';
import type { Sandbox } from './sandbox-context';
import { ToolFailure, type ToolRun } from './tool-work';

type Spoken = { text: string; stdout: string[] };
type MessagingTool = (run: ToolRun) => Promise<Spoken>;
type Reply = { agent_id: string; response: string[] };

const To = z.object({ message: z.string(), other_agent_id: z.string() });
const ToTagged = z.object({
  message: z.string(),
  match_all: z.array(z.string()).default([]),
  match_some: z.array(z.string()).default([]),
});

const CLIENT_ERRORS: Record<number, string> = {
  400: 'BadRequestError',
  401: 'AuthenticationError',
  404: 'NotFoundError',
  409: 'ConflictError',
  422: 'UnprocessableEntityError',
  429: 'RateLimitError',
};

const requestLine = (sandbox: Sandbox, agentId: string) =>
  `httpx - INFO - HTTP Request: POST ${sandbox.url}/v1/agents/${agentId}/messages "HTTP/1.1 200 OK"`;

/** Texts of the assistant messages of an answer. */
async function deliver({ sandbox }: ToolRun, agentId: string, text: string): Promise<string[]> {
  try {
    const messages = await sandbox.deliver(agentId, text);
    return messages.flatMap(({ message_type, content }) =>
      message_type === 'assistant_message' && typeof content === 'string' ? [content] : [],
    );
  } catch (error) {
    if (!(error instanceof LettaRefusal)) throw error;
    const type = CLIENT_ERRORS[error.status] ?? 'InternalServerError';
    throw new ToolFailure(type, `Error code: ${error.status} - ${pythonRepr(error.body)}`);
  }
}

async function askAndWait(run: ToolRun, agentId: string, message: string): Promise<Reply> {
  const response = await deliver(run, agentId, awaitedMessage(run.agent.id, message));
  return { agent_id: agentId, response: response.length > 0 ? response : ['<no response>'] };
}

const taggedAgents = (sandbox: Sandbox, tags: string[], matchAllTags: boolean): Promise<AgentRecord[]> =>
  listAgents(sandbox, { tags, matchAllTags, showHidden: false, limit: 100, ascending: false });

async function receivers({ sandbox, agent }: ToolRun, all: string[], some: string[]): Promise<string[]> {
  const candidates = await taggedAgents(sandbox, all, true);
  const matching = some.length > 0 ? await taggedAgents(sandbox, some, false) : candidates;
  const wanted = new Set(matching.map((other) => other.id));
  return candidates.map((other) => other.id).filter((id) => id !== agent.id && wanted.has(id));
}

/**
 * The multi-agent tools as the server runs them: over its own API, blocking until the receiver's turn has ended, with a
 * return that is the text of a Python literal. Also the async one waits; it only keeps the answer to itself.
 */
export const messagingTools: Record<string, MessagingTool> = {
  send_message_to_agent_async: async (run) => {
    const { message, other_agent_id: to } = To.parse(run.args);
    await deliver(run, to, oneWayMessage(run.agent.id, message));
    return { text: 'Successfully sent message', stdout: [requestLine(run.sandbox, to)] };
  },
  send_message_to_agent_and_wait_for_reply: async (run) => {
    const { message, other_agent_id: to } = To.parse(run.args);
    const reply = await askAndWait(run, to, message);
    return { text: pythonRepr(reply), stdout: [requestLine(run.sandbox, to)] };
  },
  send_message_to_agents_matching_tags: async (run) => {
    const { message, match_all: all, match_some: some } = ToTagged.parse(run.args);
    const replies: JsonValue[] = [];
    for (const to of await receivers(run, all, some)) {
      const failed = (error: unknown): Reply => {
        if (!(error instanceof ToolFailure)) throw error;
        return { agent_id: to, response: [`<error: ${error.message}>`] };
      };
      replies.push(await askAndWait(run, to, message).catch(failed));
    }
    return { text: pythonRepr(replies), stdout: [] };
  },
};
