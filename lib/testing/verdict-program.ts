import { GiveVerdict } from '@/lib/protocol/draft';
import { DraftId } from '@/lib/protocol/ids';
import { automation } from '@/lib/protocol/person';
import { createRuntime } from '@/lib/server/create-runtime';
import { createPool } from '@/lib/server/database/pool';
import { createPrisma } from '@/lib/server/database/prisma';
import { giveVerdict } from '@/lib/server/drafts/give-verdicts';
import { parseEnv } from '@/lib/server/env';
import { createLog } from '@/lib/server/log';

// The program but its pages and HTTP, on a database that is there. Gives one verdict, says so and goes on working until
// it is killed, by others or at its failpoint.
const [connectionString = '', failpoint = '', draftId = '', contentHash = '', verdict = ''] = process.argv.slice(2);

const env = parseEnv({
  PARLEY_SANDBOX: 'on',
  PARLEY_SANDBOX_PACE_MS: '0',
  PARLEY_LOG_LEVEL: 'silent',
  PARLEY_FAILPOINT: failpoint,
});
const log = createLog(env);
const pool = createPool(connectionString, log, 20);
const prisma = createPrisma(pool);
const stop = async () => pool.end();
const database = { pool, prisma, connectionString, embedded: false, stop };
const { rt, startWork } = await createRuntime({ env, url: 'http://127.0.0.1:3000', database, log });
await startWork();
await giveVerdict(
  rt,
  {
    workspaceId: rt.workspaceId,
    actor: { kind: 'person', ...automation },
    role: 'admin',
    credential: { kind: 'admin-key', id: 'admin-key' },
    agentScope: null,
  },
  DraftId.parse(draftId),
  GiveVerdict.parse({ verdict, contentHash, ...(verdict === 'edit' ? { content: 'Hello edited' } : {}) }),
);
process.stdout.write('given\n');
