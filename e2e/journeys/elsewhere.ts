import { z } from 'zod';
import type { Api } from '@/e2e/program/api';
import { LettaServer } from '@/lib/protocol/letta-server';
import { pageOf } from '@/lib/protocol/page';
import type { SandboxScript } from '@/lib/server/letta/sandbox/scripted';
import { scriptText } from './scripted-agents';

/** Where the sandbox speaks the dialect of Letta, for whoever goes past Parley. */
export async function sandboxUrl(api: Api): Promise<string> {
  const { items } = pageOf(LettaServer).parse(await api.ask({ path: '/api/letta-servers' }));
  return z.url().parse(items.find((server) => server.sandbox)?.url);
}

async function ask(api: Api, method: string, path: string, body: object): Promise<void> {
  const answer = await fetch(`${await sandboxUrl(api)}${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
}

/** Somebody speaks to an agent past Parley. Resolves when it has done what the script says. */
export const sayElsewhere = (api: Api, agentId: string, script: SandboxScript['script']): Promise<void> =>
  ask(api, 'POST', `/v1/agents/${agentId}/messages`, { messages: [{ role: 'user', content: scriptText(script) }] });

/** Somebody has a tool of an agent ask for approval, past Parley. */
export const gateElsewhere = (api: Api, agentId: string, tool: string): Promise<void> =>
  ask(api, 'PATCH', `/v1/agents/${agentId}/tools/approval/${tool}`, { requires_approval: true });
