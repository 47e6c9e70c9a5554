import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { errorCode } from '@/lib/server/boot/error-code';
import { childEnvironment } from '@/lib/server/env';

/** Whether a process of that id is there and not merely waiting to be reaped. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) !== 'EPERM') return false; // EPERM: it lives and belongs to somebody else
  }
  return linuxStat(pid)?.state !== 'Z';
}

/**
 * A text that names this life of the process id: another process that gets the same id later has another text.
 * Null where the process is gone or the system does not tell.
 */
export function startTokenOf(pid: number): string | null {
  if (process.platform === 'linux') {
    const stat = linuxStat(pid);
    return stat && `${linuxWorld()}:${stat.startedAtTicks}`;
  }
  return process.platform === 'win32' ? null : askPs(pid, 'lstart=');
}

/** The command line of a process as one text, empty where it cannot be read. */
export function commandLineOf(pid: number): string {
  if (process.platform === 'linux') return readOrEmpty(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
  return (process.platform === 'win32' ? askWindows(pid) : askPs(pid, 'args=')) ?? '';
}

function linuxStat(pid: number): { state: string; startedAtTicks: string } | null {
  const text = readOrEmpty(`/proc/${pid}/stat`);
  // The second field is the name in brackets and may itself hold spaces and brackets: count from its end.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, startedAtTicks] = [fields[0], fields[19]];
  return state && startedAtTicks ? { state, startedAtTicks } : null;
}

/** Boot and process namespace: ids of one container mean nothing in another, nor after a reboot. */
const linuxWorld = (): string =>
  `${readOrEmpty('/proc/sys/kernel/random/boot_id').trim()}:${readlinkSync('/proc/self/ns/pid')}`;

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return '';
  }
}

function askPs(pid: number, column: string): string | null {
  return ask('ps', ['-ww', '-o', column, '-p', String(pid)]);
}

function askWindows(pid: number): string | null {
  const command = `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`;
  return ask('powershell', ['-NoProfile', '-Command', command]);
}

function ask(command: string, args: string[]): string | null {
  try {
    const env = childEnvironment({ LC_ALL: 'C', TZ: 'UTC' });
    return execFileSync(command, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || null;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return null; // both answer with a failure for a process that is gone
  }
}
