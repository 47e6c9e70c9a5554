import { readFileSync } from 'node:fs';
import { errorCode } from '@/lib/server/boot/error-code';

/**
 * How long the main thread of a process has been ready to run and had to wait for others on this machine, so that a
 * promise about the program's own time can be held to it on a busy one. 0 where the system does not tell.
 */
export function keptWaitingMs(pid: number): number {
  try {
    const [, waitedNs = '0'] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
    return Math.round(Number(waitedNs) / 1_000_000);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}
