import { join } from 'node:path';
import { BootError } from '@/lib/server/boot/boot-error';
import { errorCode } from '@/lib/server/boot/error-code';
import type { LockHolder } from '@/lib/server/boot/process-lock';
import { findLockHolder, takeProcessLock } from '@/lib/server/boot/process-lock';

const lockPath = (dataDir: string) => join(dataDir, 'parley.pid');

/**
 * Takes the data directory for this process; the result gives it back.
 * @throws BootError that names the process and the directory when a living Parley holds it.
 */
export async function lockDataDirectory(dataDir: string): Promise<() => void> {
  const attempt = await takeProcessLock(lockPath(dataDir));
  if (attempt.ok) return attempt.release;
  throw new BootError(
    [
      `Another Parley (process ${attempt.holder.pid}, since ${attempt.holder.since}) runs on the data directory ${dataDir}.`,
      'Stop that one first, or give this one a directory of its own with PARLEY_DATA_DIR.',
    ].join('\n'),
  );
}

const NO_ENTRY = ['ENOTDIR', 'EACCES', 'EPERM'];

/** The living Parley that holds the data directory; null where there is none, or none that this user may see. */
export function findDataDirectoryHolder(dataDir: string): LockHolder | null {
  try {
    return findLockHolder(lockPath(dataDir));
  } catch (error) {
    if (NO_ENTRY.includes(errorCode(error) ?? '')) return null;
    throw error;
  }
}
