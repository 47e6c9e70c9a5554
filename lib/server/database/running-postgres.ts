import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '@/lib/server/boot/process-identity';
import { EMBEDDED_DATABASE, passwordFileOf } from './embedded-postgres';
import { connectionStringOf } from './postgres-address';
import { readPostmasterFile } from './postmaster-file';

/**
 * The address of the embedded PostgreSQL that a running Parley has on this data directory, or null when none takes
 * connections there.
 */
export function findRunningPostgres(dataDir: string): { connectionString: string; pid: number } | null {
  const found = readPostmasterFile(join(dataDir, 'postgres'));
  if (!found?.ready || !isAlive(found.pid)) return null;
  const { pid, port, socketDirectory } = found;
  const address = socketDirectory
    ? ({ kind: 'socket', directory: socketDirectory, port } as const)
    : ({ kind: 'tcp', port, password: readFileSync(passwordFileOf(dataDir), 'utf8').trim() } as const);
  return { connectionString: connectionStringOf(address, EMBEDDED_DATABASE), pid };
}
