import { readEnv, setNodeEnv } from '@/lib/server/env';

const development = process.argv.includes('--dev');
setNodeEnv(development ? 'development' : 'production');

// React and Next decide by NODE_ENV while they load, so they are loaded only now.
const { startParley } = await import('@/lib/server/boot/start-parley');
await startParley({ env: readEnv(), development });
