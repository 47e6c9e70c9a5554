import { generatePrisma } from './generate-prisma';
import { projectRoot } from './project-root';
import { runToExit } from './run-to-exit';

/** What `dev`, `check` and `test` run first: they need the generated database client, but no build. */
await runToExit(async () => {
  await generatePrisma(projectRoot());
});
