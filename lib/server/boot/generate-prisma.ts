import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { announce } from '@/lib/server/log';
import { fingerprint } from './fingerprint';
import { oneAtATime } from './one-at-a-time';
import { runStep } from './run-step';

const SOURCES = ['prisma/schema.prisma', 'prisma.config.ts', 'node_modules/@prisma/client/package.json'];
const WHAT = 'generating the database client';

const generatedIn = (root: string) => join(root, 'lib/server/database/generated');
const recordOf = (root: string) => join(generatedIn(root), 'fingerprint');

/**
 * Generates the Prisma client into lib/server/database/generated unless the one there was made from the same schema by
 * the same versions. Downloads nothing. The record is written last, and without it what a killed run left is removed
 * first, since Prisma refuses a directory that does not look like its own.
 */
export async function generatePrisma(root: string): Promise<'made' | 'kept'> {
  const wanted = fingerprint(root, SOURCES);
  if (recorded(root) === wanted) return 'kept';
  return oneAtATime(join(root, '.cache/generating'), WHAT, async (started) => {
    if (recorded(root) === wanted) return 'kept';
    announce('Generating the database client …');
    rmSync(generatedIn(root), { recursive: true, force: true });
    await runStep({
      what: WHAT,
      args: ['node_modules/prisma/build/index.js', 'generate', '--no-hints'],
      cwd: root,
      // HAZARD: Prisma fetches its schema engine from outside the package registry unless told where one is. To
      // generate it never runs it: any executable does.
      env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' },
      started,
    });
    writeFileSync(recordOf(root), wanted);
    return 'made';
  });
}

const recorded = (root: string): string | null =>
  existsSync(recordOf(root)) ? readFileSync(recordOf(root), 'utf8') : null;
