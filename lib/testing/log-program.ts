import { announce, createLog } from '@/lib/server/log';

/** Logs and announces, for a test that looks at what arrives on standard output. */
createLog({ logLevel: 'info' }).info({ token: 'hush', at: { password: 'hush' } }, 'connected');
announce('Parley is ready at http://127.0.0.1:3000');
