import { z } from 'zod';
import type { Api } from '@/e2e/program/api';
import { LettaServer } from '@/lib/protocol/letta-server';
import { pageOf } from '@/lib/protocol/page';
import type { SandboxScript } from '@/lib/server/letta/sandbox/scripted';
import { scriptText } from './scripted-agents';

/** Somebody who is not Parley says something to an agent of the sandbox, and waits for all that comes of it. */
export async function sayPastParley(api: Api, agentId: string, script: SandboxScript['script']): Promise<void> {
  const { items } = pageOf(LettaServer).parse(await api.ask({ path: '/api/letta-servers' }));
  const sandbox = items.find((server) => server.sandbox);
  const answer = await fetch(`${sandbox?.url}/v1/agents/${agentId}/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ messages: [{ role: 'user', content: scriptText(script) }] }),
  });
  if (!answer.ok) throw new Error(`the sandbox: ${answer.status} ${await answer.text()}`);
  z.looseObject({ stop_reason: z.unknown() }).parse(await answer.json());
}
