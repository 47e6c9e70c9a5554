import { closeSync, copyFileSync, fstatSync, openSync, readSync, statSync, truncateSync } from 'node:fs';

const ROTATE_BYTES = 10 * 1024 * 1024;
const TAIL_BYTES = 8 * 1024;

/** Opens PostgreSQL's log to append to. The caller closes the descriptor. */
export const openPostgresLog = (path: string): number => openSync(path, 'a', 0o600);

export const sizeOfLog = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/**
 * Keeps the log at about 10 MiB and one older file `<path>.1`. Safe while PostgreSQL writes: it appends, so after the
 * cut it goes on at the new end; lines written between copy and cut are lost.
 */
export function rotatePostgresLog(path: string): void {
  if (sizeOfLog(path) < ROTATE_BYTES) return;
  copyFileSync(path, `${path}.1`);
  truncateSync(path, 0);
}

/** The last lines of the log, at most `count`, none that was written before byte `from`, as one text. */
export function tailOfLog(path: string, from = 0, count = 12): string {
  const file = openSync(path, 'r');
  try {
    const end = fstatSync(file).size;
    const start = Math.min(Math.max(0, from, end - TAIL_BYTES), end);
    const buffer = Buffer.alloc(end - start);
    readSync(file, buffer, 0, buffer.length, start);
    return buffer.toString('utf8').trim().split('\n').slice(-count).join('\n');
  } finally {
    closeSync(file);
  }
}
