import { buildPages } from './build-pages';
import { generatePrisma } from './generate-prisma';
import { projectRoot } from './project-root';
import { runToExit } from './run-to-exit';

/** `npm start` runs this first: makes what the program needs and git does not carry, and only when it is missing or old. */
await runToExit(async () => {
  await generatePrisma(projectRoot());
  await buildPages(projectRoot());
});
