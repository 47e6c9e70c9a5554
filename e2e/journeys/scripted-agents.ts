import type { Api } from '@/e2e/program/api';
import { Agent } from '@/lib/protocol/agent';
import { Conversation } from '@/lib/protocol/conversation';
import type { SandboxScript } from '@/lib/server/letta/sandbox/scripted';

export const ASYNC = 'send_message_to_agent_async';

/** What one says to a scripted agent so that it does just that. */
export const scriptText = (script: SandboxScript['script']): string =>
  JSON.stringify({ script } satisfies SandboxScript);

/** An agent of the sandbox that does what the script says that it hears; `script` is what it does where it hears none. */
export async function makeAgent(api: Api, name: string, script?: SandboxScript['script']): Promise<string> {
  const blocks = script ? [{ label: 'script', value: scriptText(script) }] : [];
  const body = { name, model: 'sandbox/scripted', tools: [ASYNC], blocks };
  return Agent.parse(await api.ask({ method: 'POST', path: '/api/agents', body })).id;
}

export type Talk = { id: string; title: string; agentIds: string[] };

/** A conversation of two scripted agents; the second one answers what it hears with `answer`. */
export async function makeTalk(
  api: Api,
  title: string,
  options: { names?: [string, string]; answer?: string; maxTurns?: number } = {},
): Promise<Talk> {
  const [first, second] = options.names ?? [`${title} One`, `${title} Two`];
  const agentIds = [
    await makeAgent(api, first, [{ say: 'Well heard.' }]),
    await makeAgent(api, second, [{ say: options.answer ?? 'I heard you.' }]),
  ];
  const body = {
    title,
    seats: agentIds.map((agentId) => ({ agentId })),
    ...(options.maxTurns && { maxTurns: options.maxTurns }),
  };
  const { id } = Conversation.parse(await api.ask({ method: 'POST', path: '/api/conversations', body }));
  return { id, title, agentIds };
}

/** Says something to a seat as the automation's person, without a page. */
export const speak = (api: Api, { id }: Talk, to: string, content: string): Promise<unknown> =>
  api.ask({ method: 'POST', path: `/api/conversations/${id}/messages`, body: { to, content } });

/** A script by which the first agent writes to the second `count` times. */
export const calls = ({ agentIds }: Talk, count: number): string =>
  scriptText([
    ...Array.from({ length: count }, (_, index) => ({
      call: { tool: ASYNC, arguments: { message: `Message ${index + 1} of ${count}`, other_agent_id: agentIds[1] } },
    })),
    { say: `All ${count} are out.` },
  ]);
