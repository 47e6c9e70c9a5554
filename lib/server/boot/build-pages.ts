import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { announce } from '@/lib/server/log';
import { fingerprint } from './fingerprint';
import { oneAtATime } from './one-at-a-time';
import { runStep } from './run-step';

const SOURCES = [
  'app',
  'components',
  'lib',
  'public',
  'prisma/schema.prisma',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
];
const ROOT_SOURCE = /\.(ts|mts|js|mjs)$/;
/** Tests, what is generated (next-env.d.ts by the build itself), and programs that no page imports. */
const NOT_BUILT =
  /\.test\.tsx?$|^lib\/testing(\/|$)|^lib\/server\/(database\/generated|cli)(\/|$)|^next-env\.d\.ts$|^(vitest|playwright)\.config\.ts$/;
const WHAT = 'building the pages';

const recordOf = (root: string) => join(root, '.next/parley-fingerprint');

/**
 * Runs `next build` unless what lies in .next was built from the same sources, lock and configuration.
 * The record is removed before and written after, so that a build that was killed half way is done again.
 */
export async function buildPages(root: string): Promise<'made' | 'kept'> {
  const wanted = sourcesFingerprint(root);
  if (recorded(root) === wanted) return 'kept';
  return oneAtATime(join(root, '.cache/building'), WHAT, async (started) => {
    if (recorded(root) === wanted) return 'kept';
    announce('Building the pages; this takes a minute or so, and only when something changed …');
    rmSync(recordOf(root), { force: true });
    await runStep({
      what: WHAT,
      args: ['node_modules/next/dist/bin/next', 'build'],
      cwd: root,
      env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
      started,
    });
    writeFileSync(recordOf(root), wanted);
    return 'made';
  });
}

function sourcesFingerprint(root: string): string {
  const atRoot = readdirSync(root).filter((name) => ROOT_SOURCE.test(name));
  return fingerprint(root, [...SOURCES, ...atRoot], (path) => NOT_BUILT.test(path));
}

/** What Next itself needs to serve the build must be there, too. */
const recorded = (root: string): string | null =>
  existsSync(recordOf(root)) && existsSync(join(root, '.next/BUILD_ID')) ? readFileSync(recordOf(root), 'utf8') : null;
