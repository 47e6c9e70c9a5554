import { parseArgs } from 'node:util';
import { runToExit } from '@/lib/server/boot/run-to-exit';
import { startEmbeddedPostgres } from '@/lib/server/database/embedded-postgres';
import { createLog } from '@/lib/server/log';

/**
 * What a Parley is to its embedded PostgreSQL, and nothing else: starts it, says so, ends it on SIGTERM and SIGINT.
 * `--data-dir <directory> [--way posix|windows] [--package <directory>]`
 */
await runToExit(async () => {
  const { values } = parseArgs({
    options: { 'data-dir': { type: 'string' }, way: { type: 'string' }, package: { type: 'string' } },
  });
  const database = await startEmbeddedPostgres({
    dataDir: values['data-dir'] ?? '',
    log: createLog({ logLevel: 'info' }),
    way: values.way === 'windows' ? 'windows' : 'posix',
    ...(values.package === undefined ? {} : { packageDir: values.package }),
  });
  const asked = new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  process.stdout.write(`ready ${database.pid} ${database.connectionString}\n`);
  await asked;
  await database.stop();
  process.stdout.write('stopped\n');
});
