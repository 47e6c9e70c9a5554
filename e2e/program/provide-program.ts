import type { TestProject } from 'vitest/node';
import { buildPages } from '@/lib/server/boot/build-pages';
import { generatePrisma } from '@/lib/server/boot/generate-prisma';
import { projectRoot } from '@/lib/server/boot/project-root';

declare module 'vitest' {
  interface ProvidedContext {
    /** How often the program is killed under load. */
    crashRounds: number;
  }
}

/** Makes, once for the run, what `npm start` makes before the program. */
export async function setup(_project: TestProject): Promise<void> {
  await generatePrisma(projectRoot());
  await buildPages(projectRoot());
}
