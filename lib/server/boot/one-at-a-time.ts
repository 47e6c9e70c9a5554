import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { announce } from '@/lib/server/log';
import { errorCode } from './error-code';
import { isAlive, startTokenOf } from './process-identity';
import { takeProcessLock } from './process-lock';

/** Called with the id of a child process that does the work: it may outlive us, and then whoever comes next waits. */
export type NoteWorker = (pid: number) => void;

/** Does `work` while no other process does the same under the lock file `path`. `what` is said to who has to wait. */
export async function oneAtATime<T>(path: string, what: string, work: (note: NoteWorker) => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  const workerPath = `${path}.worker`;
  let told = false;
  const wait = async (pid: number) => {
    if (!told) announce(`Waiting for process ${pid}, which is ${what} …`);
    told = true;
    await delay(100);
  };
  for (;;) {
    const attempt = await takeProcessLock(path);
    if (!attempt.ok) {
      await wait(attempt.holder.pid);
      continue;
    }
    try {
      for (let pid = livingWorker(workerPath); pid !== null; pid = livingWorker(workerPath)) await wait(pid);
      return await work((pid) => writeFileSync(workerPath, `${pid}\n${startTokenOf(pid) ?? ''}\n`));
    } finally {
      rmSync(workerPath, { force: true });
      attempt.release();
    }
  }
}

function livingWorker(path: string): number | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  const [first = '', token = ''] = text.split('\n');
  const pid = Number(first);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return null;
  return token && startTokenOf(pid) !== token ? null : pid;
}
