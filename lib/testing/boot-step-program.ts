import { buildPages } from '@/lib/server/boot/build-pages';
import { generatePrisma } from '@/lib/server/boot/generate-prisma';
import { runToExit } from '@/lib/server/boot/run-to-exit';

/** `build <root>` or `generate <root>`: what comes before a start, on another project; last it says `made` or `kept`. */
await runToExit(async () => {
  const [what, root = ''] = process.argv.slice(2);
  const done = await (what === 'build' ? buildPages(root) : generatePrisma(root));
  process.stdout.write(`${done}\n`);
});
