import { spawn } from 'node:child_process';
import { childEnvironment } from '@/lib/server/env';
import { BootError } from './boot-error';

export type Step = {
  /** What it does, for messages: `building the pages`. */
  what: string;
  /** Arguments for Node, the script first. */
  args: string[];
  cwd: string;
  env?: Record<string, string>;
  /** Called with the process id once the step runs. */
  started?: (pid: number) => void;
};

/**
 * Runs a Node program with our standard streams and a minimal environment, and waits for it.
 * @throws BootError when it does not end well; what it printed has said why.
 */
export async function runStep({ what, args, cwd, env = {}, started }: Step): Promise<void> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: childEnvironment(env),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const how = await new Promise<string | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => started?.(child.pid ?? 0));
    child.once('exit', (code, signal) => resolve(code === 0 ? null : (signal ?? `exit code ${code}`)));
  });
  if (how !== null) throw new BootError(`Parley cannot start: ${what} failed (${how}). The lines above say why.`);
}
