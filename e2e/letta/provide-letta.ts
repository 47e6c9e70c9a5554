import type { TestProject } from 'vitest/node';
import { findChromium } from '@/e2e/find-chromium';
import { buildPages } from '@/lib/server/boot/build-pages';
import { generatePrisma } from '@/lib/server/boot/generate-prisma';
import { projectRoot } from '@/lib/server/boot/project-root';
import { installLetta, LettaUnobtainable } from './install-letta';

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether the real Letta server can be had on this machine. */
    lettaIsHere: boolean;
  }
}

/**
 * Installs Letta before the tests, and makes what `npm start` makes before the program. Where Letta or a Chromium cannot
 * be had, one line says so, and the tests that need it are skipped.
 */
export async function setup(project: TestProject): Promise<void> {
  try {
    await installLetta({ log: say });
    project.provide('lettaIsHere', true);
  } catch (error) {
    if (!(error instanceof LettaUnobtainable)) throw error;
    say(`test:letta skipped: ${error.message.replaceAll(/\s+/g, ' ')}`);
    project.provide('lettaIsHere', false);
    return;
  }
  await generatePrisma(projectRoot());
  await buildPages(projectRoot());
  if (findChromium() === null) say('test:letta: the walk-through is skipped: there is no Chromium on this machine');
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
