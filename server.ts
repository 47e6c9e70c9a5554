import { keepCompiled } from '@/lib/server/boot/keep-compiled';
import { requireNode } from '@/lib/server/boot/require-node';
import { runToExit } from '@/lib/server/boot/run-to-exit';
import { readEnv, setNodeEnv } from '@/lib/server/env';

const development = process.argv.includes('--dev');
setNodeEnv(development ? 'development' : 'production');

await runToExit(async () => {
  requireNode();
  const env = readEnv();
  keepCompiled();
  // React and Next decide by NODE_ENV while they load, so they are loaded only now.
  const { startParley } = await import('@/lib/server/boot/start-parley');
  await startParley({ env, development });
  return undefined;
});
