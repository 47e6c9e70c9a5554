import { errorCode } from '@/lib/server/boot/error-code';
import { runToExit } from '@/lib/server/boot/run-to-exit';
import { runVerb } from './run-verb';

/** What a command says, it says when it is done. Nobody who reads on, as after `| head -1`, is no failure of it. */
process.stdout.on('error', (error) => {
  const isUnread = errorCode(error) === 'EPIPE';
  if (!isUnread) process.stderr.write(`What there was to say could not be written: ${error.message}\n`);
  process.exit(isUnread ? 0 : 1);
});

/** `npm run parley -- <command>` */
await runToExit(() => runVerb(process.argv.slice(2)));
