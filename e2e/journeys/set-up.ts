import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findChromium, findHeadlessShell, mayInstallChromium } from '@/e2e/find-chromium';
import { projectRoot } from '@/lib/server/boot/project-root';
import { childEnvironment } from '@/lib/server/env';
import { makeDatabaseToCopy } from '@/lib/testing/copied-database';

const NO_CHROMIUM = [
  'The browser tests need Chromium, and there is none on the PATH.',
  'Debian: apt-get install chromium. macOS: brew install --cask chromium. Elsewhere: Chromium or Google Chrome.',
].join('\n');

const unattended = { DEBIAN_FRONTEND: 'noninteractive' };
const run = (command: string, args: string[]) =>
  void execFileSync(command, args, { stdio: 'inherit', cwd: projectRoot(), env: childEnvironment(unattended) });

/** Once before all journeys: a browser, the pages as `npm start` would build them, and a database for their programs. */
// biome-ignore lint/style/noDefaultExport: Playwright calls what a global setup exports by default
export default async function setUp(): Promise<() => void> {
  if (!findHeadlessShell() && !findChromium()) installChromium();
  run(process.execPath, ['--import', 'tsx', join('lib', 'server', 'boot', 'build-if-needed.ts')]);
  return makeDatabaseToCopy();
}

function installChromium(): void {
  if (!mayInstallChromium()) throw new Error(NO_CHROMIUM);
  run('apt-get', ['update']);
  run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']);
  if (!findChromium()) throw new Error(NO_CHROMIUM);
}
