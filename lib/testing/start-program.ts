import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { vi } from 'vitest';
import { projectRoot } from '@/lib/server/boot/project-root';
import { childEnvironment } from '@/lib/server/env';

export type Program = {
  pid: number;
  /** What it has printed so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves with the first match in what it prints; rejects when it ends or 45 s pass without. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Exit code, or the name of the signal that ended it. */
  exited: Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): void;
};

type Options = {
  env?: Record<string, string>;
  /** Words put before the command, such as `setpriv …`. */
  under?: string[];
  /** Makes it the leader of a process group of its own. */
  detached?: boolean;
  cwd?: string;
};

/** Runs a TypeScript program of the repository (path from its root) as one real Node process, without a wrapper. */
export function startProgram(script: string, args: string[] = [], options: Options = {}): Program {
  const { env = {}, under = [], detached = false, cwd = projectRoot() } = options;
  const words = [...under, process.execPath, '--import', 'tsx', join(projectRoot(), script), ...args];
  const [command = process.execPath, ...rest] = words;
  const child = spawn(command, rest, { cwd, detached, stdio: ['ignore', 'pipe', 'pipe'], env: childEnvironment(env) });
  let [out, err] = ['', ''];
  let ended = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const exited = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      ended = true;
      resolve(signal ?? code ?? 0);
    });
  });
  const says = async (pattern: RegExp) => {
    const found = await vi.waitUntil(() => pattern.exec(out) ?? ended, { timeout: 45_000, interval: 10 });
    if (found === true) throw new Error(`ended without saying ${pattern}:\n${out}\n${err}`);
    return found;
  };
  return {
    pid: child.pid ?? 0,
    stdout: () => out,
    stderr: () => err,
    says,
    exited,
    kill: (signal) => void child.kill(signal),
  };
}
