import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '@/e2e/letta/free-port';
import { projectRoot } from '@/lib/server/boot/project-root';
import { childEnvironment } from '@/lib/server/env';
import { monotonicMs } from './monotonic-ms';

const POLL_MS = 5;
const START_MS = 60_000;
const env = () => childEnvironment({ NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' });
const next = () => join(projectRoot(), 'node_modules/next/dist/bin/next');

export type EmptyNext = {
  /** Starts it as `next start` does. `afterMs`: until its first answer. */
  start(): Promise<{ url: string; afterMs: number; stop(): Promise<void> }>;
  remove(): void;
};

/** An application of one page that says one word, built by the same Next. Within the project, where Next is found. */
export async function buildEmptyNext(): Promise<EmptyNext> {
  const cache = join(projectRoot(), '.cache');
  mkdirSync(cache, { recursive: true });
  const root = mkdtempSync(join(cache, 'empty-next-'));
  const write = (name: string, text: string) => writeFileSync(join(root, name), text);
  mkdirSync(join(root, 'app'));
  write('package.json', '{ "private": true, "type": "module" }\n');
  write('next.config.mjs', `export default { turbopack: { root: ${JSON.stringify(projectRoot())} } };\n`);
  write(
    'app/layout.jsx',
    'export default function Layout({ children }) {\n  return <html lang="en"><body>{children}</body></html>;\n}\n',
  );
  write('app/page.jsx', 'export default function Page() {\n  return <p>Hello</p>;\n}\n');
  await promisify(execFile)(process.execPath, [next(), 'build'], { cwd: root, env: env() });
  return {
    remove: () => rmSync(root, { recursive: true, force: true }),
    async start() {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const began = monotonicMs();
      const args = [next(), 'start', '--hostname', '127.0.0.1', '--port', String(port)];
      const child = spawn(process.execPath, args, { cwd: root, env: env(), stdio: 'ignore' });
      while (!(await answers(url))) {
        if (monotonicMs() - began > START_MS) throw new Error('the empty application did not start');
        await delay(POLL_MS);
      }
      const afterMs = monotonicMs() - began;
      const stop = async () => {
        const ended = once(child, 'exit');
        child.kill();
        await ended;
      };
      return { url, afterMs, stop };
    },
  };
}

/** Whether something answers well at this address already. */
export const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
