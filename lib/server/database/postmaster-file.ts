import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '@/lib/server/boot/error-code';

/**
 * What a running PostgreSQL says of itself in `postmaster.pid` (source: miscadmin.h, LOCK_FILE_LINE_*).
 * `socketDirectory` and `host` are null where it does not listen that way; `ready` is true once it takes connections.
 */
export type PostmasterFile = {
  pid: number;
  port: number;
  socketDirectory: string | null;
  host: string | null;
  ready: boolean;
};

export const postmasterFilePath = (clusterDir: string): string => join(clusterDir, 'postmaster.pid');

/** Reads `postmaster.pid` of a cluster; null where there is none or it is still being written. */
export function readPostmasterFile(clusterDir: string): PostmasterFile | null {
  let text: string;
  try {
    text = readFileSync(postmasterFilePath(clusterDir), 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(errorCode(error) ?? '')) return null;
    throw error;
  }
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Math.abs(Number(lines[0]));
  if (!Number.isInteger(pid) || pid === 0) return null;
  return {
    pid,
    port: Number(lines[3] ?? 0),
    socketDirectory: lines[4] || null,
    host: lines[5] || null,
    ready: lines[7] === 'ready',
  };
}
