import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

type Options = { env?: Record<string, string>; cwd?: string; uid?: number; onLine?: (line: string) => void };

const SHOWN_LINES = 15;

/**
 * Runs a program to its end and resolves with what it printed. Throws with its last lines when it fails or is not there.
 * Without `env` it inherits this process's environment, as a package installer must.
 */
export function runCommand(command: string, args: string[], options: Options = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const { env, cwd, uid } = options;
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(env ? { env: { NODE_ENV: 'test', ...env } } : {}),
      ...(cwd ? { cwd } : {}),
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        options.onLine?.(line);
      });
    }
    child.once('error', (error) => reject(new Error(`${command} cannot be run: ${error.message}`, { cause: error })));
    child.once('close', (code) => {
      if (code === 0) resolve(lines.join('\n'));
      else reject(new Error(`${command} ${args[0] ?? ''} failed (${code}): ${lines.slice(-SHOWN_LINES).join('\n')}`));
    });
  });
}
