import { z } from 'zod';
import { AppError } from '@/lib/protocol/errors';
import type { ServerName } from '@/lib/protocol/ids';
import { readInstallationSecret } from '@/lib/server/access/installation-secret';
import { createSeal } from '@/lib/server/access/seal';
import { releaseEverything } from '@/lib/server/conversations/release-everything';
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

/** Sets back every tool that Parley has gated, running or not. Exit code 1 where one could not be. */
export const release = (context: VerbContext): Promise<number> =>
  withLedger(context, async ({ db, ledger, workspaceId }) => {
    const { env, log, print } = context;
    const seal = createSeal(await readInstallationSecret(db, workspaceId), 'access');
    const { rows } = await db.query(
      'SELECT name, url, origin, sealed_token FROM letta_server WHERE workspace_id = $1',
      [workspaceId],
    );
    const gateways = new Map<string, Gateway>();
    for (const { name, url, origin, sealed_token } of rows.map((row) => Row.parse(row))) {
      const sealed = sealed_token === null ? null : seal.open(sealed_token.toString('utf8'));
      const apiKey = origin === 'environment' ? env.lettaApiKey : sealed;
      gateways.set(name, openGateway({ baseUrl: url, apiKey, log }));
    }
    const letta = {
      require: (name: ServerName) => {
        const gateway = gateways.get(name);
        if (!gateway) throw new AppError('letta_server.not_found', `No Letta server is called “${name}”.`);
        return { gateway };
      },
    };
    const released = await releaseEverything({ ledger, database: { pool: db }, letta }, workspaceId);
    for (const { server, agentId, tools, error } of released) {
      print(
        error === null
          ? `released  ${agentId} on ${server}: ${tools.join(', ')}`
          : `BROKEN    ${agentId} on ${server}: ${error}`,
      );
    }
    if (released.length === 0) print('Parley has gated no tool of any agent.');
    return released.some(({ error }) => error !== null) ? 1 : 0;
  });
