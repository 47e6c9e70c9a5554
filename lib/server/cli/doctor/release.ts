import { z } from 'zod';
import { AppError } from '@/lib/protocol/errors';
import type { ServerName } from '@/lib/protocol/ids';
import { readInstallationSecret } from '@/lib/server/access/installation-secret';
import { createSeal } from '@/lib/server/access/seal';
import { type ReleasedAgent, releaseEverything } from '@/lib/server/conversations/release-everything';
import type { Gateway } from '@/lib/server/letta/gateway';
import { openGateway } from '@/lib/server/letta/open-gateway';
import type { VerbContext } from '../verb';
import { withLedger } from '../with-ledger';

const Row = z.object({
  name: z.string(),
  url: z.string(),
  origin: z.string(),
  sealed_token: z.instanceof(Buffer).nullable(),
});

/** Sets back every tool that Parley has gated, running or not; the sandbox's with its next start. Exit code 1 where one could not be. */
export const release = (context: VerbContext): Promise<number> =>
  withLedger(context, async ({ db, ledger, workspaceId }) => {
    const { env, log, print } = context;
    const seal = createSeal(await readInstallationSecret(db, workspaceId), 'access');
    const { rows } = await db.query(
      'SELECT name, url, origin, sealed_token FROM letta_server WHERE workspace_id = $1',
      [workspaceId],
    );
    const gateways = new Map<string, Gateway>();
    const sandboxes = new Set<string>();
    for (const { name, url, origin, sealed_token } of rows.map((row) => Row.parse(row))) {
      const sealed = sealed_token === null ? null : seal.open(sealed_token.toString('utf8'));
      const apiKey = origin === 'environment' ? env.lettaApiKey : sealed;
      gateways.set(name, openGateway({ baseUrl: url, apiKey, log }));
      if (origin === 'sandbox') sandboxes.add(name);
    }
    const letta = {
      require: (name: ServerName) => {
        const gateway = gateways.get(name);
        if (!gateway) throw new AppError('letta_server.not_found', `No Letta server is called “${name}”.`);
        return { gateway };
      },
    };
    const released = await releaseEverything({ ledger, database: { pool: db }, letta }, workspaceId);
    const isLater = (agent: ReleasedAgent) => agent.error !== null && sandboxes.has(agent.server);
    for (const agent of released) {
      const { server, agentId, tools, error } = agent;
      if (error === null) print(`released  ${agentId} on ${server}: ${tools.join(', ')}`);
      else if (isLater(agent))
        print(`later     ${agentId} on ${server}: it runs with Parley, and is released as it starts`);
      else print(`BROKEN    ${agentId} on ${server}: ${error}`);
    }
    if (released.length === 0) print('Parley has gated no tool of any agent.');
    return released.some((agent) => agent.error !== null && !isLater(agent)) ? 1 : 0;
  });
