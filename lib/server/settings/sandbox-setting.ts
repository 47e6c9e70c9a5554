import type { WorkspaceId } from '@/lib/protocol/ids';
import type { Env } from '../env';
import type { Queryable } from '../ledger/command';
import type { LettaServerStatus } from '../letta/letta-servers';
import { readSetting } from './read-setting';

/** Whether the sandbox is to run: as the environment says, else as a person has set it, else while no Letta is connected. */
export async function loadSandboxSetting(
  db: Queryable,
  workspaceId: WorkspaceId,
  env: Env,
  servers: readonly LettaServerStatus[],
): Promise<boolean> {
  if (env.sandbox !== 'auto') return env.sandbox === 'on';
  const set = await readSetting(db, workspaceId, 'sandbox');
  return typeof set === 'boolean' ? set : !servers.some((server) => server.origin !== 'sandbox');
}
