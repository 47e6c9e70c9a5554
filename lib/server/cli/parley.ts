import { runToExit } from '@/lib/server/boot/run-to-exit';
import { runVerb } from './run-verb';

/** `npm run parley -- <command>` */
await runToExit(() => runVerb(process.argv.slice(2)));
