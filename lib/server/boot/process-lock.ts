import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from './error-code';
import { isAlive, startTokenOf } from './process-identity';

export type LockHolder = { pid: number; since: string };
export type LockAttempt = { ok: true; release(): void } | { ok: false; holder: LockHolder };

const HALF_WRITTEN_MS = 2_000;

/**
 * Takes the lock file `path` for this process, or says who has it. A lock whose process is gone, or whose id now
 * belongs to another process, is taken over; so is one that names no life of its process, where the system tells them.
 * The file's first line is the holder's process id.
 */
export async function takeProcessLock(path: string): Promise<LockAttempt> {
  const text = `${process.pid}\n${startTokenOf(process.pid) ?? ''}\n${new Date().toISOString()}\n`;
  while (!create(path, text)) {
    const found = read(path);
    if (found === null) continue;
    if (isHalfWritten(path, found)) {
      await delay(50);
      continue;
    }
    const holder = holderOf(found);
    if (holder) return { ok: false, holder };
    removeStale(path, found);
  }
  return { ok: true, release: () => read(path) === text && rmSync(path, { force: true }) };
}

/** The living process that holds the lock file, or null. */
export function findLockHolder(path: string): LockHolder | null {
  const text = read(path);
  return text === null ? null : holderOf(text);
}

function holderOf(text: string): LockHolder | null {
  const [first = '', token = '', since = ''] = text.split('\n');
  const pid = Number(first);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return null;
  const now = startTokenOf(pid);
  return now !== null && token !== now ? null : { pid, since };
}

function create(path: string, text: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, text);
    fsyncSync(file);
    closeSync(file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Creating and writing are two steps: a file without its last line is being written, or its writer was killed. */
function isHalfWritten(path: string, text: string): boolean {
  if (text.split('\n').length > 3) return false;
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs < HALF_WRITTEN_MS;
}

/**
 * HAZARD: between judging the file and removing it, another process may have taken the lock. So it is moved aside
 * first, and put back when it is not the one that was judged.
 */
function removeStale(path: string, judged: string): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== judged) linkSync(aside, path);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
