import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';

export type RunningProcess = {
  pid: number;
  tail(): string;
  exited(): boolean;
  /** Ends it at once, with all it has started, as a crash would. */
  kill9(): Promise<void>;
  stop(): Promise<void>;
};

type Options = {
  /** The whole environment: nothing is inherited. */
  env: Record<string, string>;
  cwd: string;
  uid?: number;
  /** Sent to stop it; SIGKILL follows when it has not gone after `graceMs`. */
  signal?: NodeJS.Signals;
  graceMs?: number;
};

const TAIL_LINES = 60;
const SETPRIV = '/usr/bin/setpriv';

/**
 * Starts a program in a process group of its own, keeps the last lines it prints, and stops the whole group, so that
 * no tool sandbox or worker survives. Where Linux lets it, the program also dies with this process, however that ends.
 * Throws when the program cannot be started at all.
 */
export async function startProcess(command: string, args: string[], options: Options): Promise<RunningProcess> {
  const [first, ...rest] = [...(await dyingWithUs()), command, ...args];
  const child = spawn(first ?? command, rest, {
    cwd: options.cwd,
    env: { NODE_ENV: 'test', ...options.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  const lines = keepTail(child);
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} has no pid`);

  const over = () => child.exitCode !== null || child.signalCode !== null;
  const kill = (signal: NodeJS.Signals) => killGroup(pid, signal);
  const killAtExit = () => kill('SIGKILL');
  process.once('exit', killAtExit);
  child.once('exit', () => process.off('exit', killAtExit));

  const kill9 = async () => {
    if (over()) return;
    const gone = once(child, 'exit');
    kill('SIGKILL');
    await gone;
  };
  const stop = async () => {
    if (over()) return;
    const gone = once(child, 'exit');
    kill(options.signal ?? 'SIGTERM');
    const force = setTimeout(() => kill('SIGKILL'), options.graceMs ?? 5_000);
    await gone;
    clearTimeout(force);
    kill('SIGKILL'); // whatever of the group outlived its leader
  };
  return { pid, tail: () => lines.join('\n'), exited: over, kill9, stop };
}

const dyingWithUs = (): Promise<string[]> =>
  access(SETPRIV).then(
    () => [SETPRIV, '--pdeathsig', 'KILL', '--'],
    () => [],
  );

function keepTail(child: ChildProcess): string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > TAIL_LINES) lines.shift();
    });
  }
  return lines;
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM');
    if (!gone) throw error;
  }
}
