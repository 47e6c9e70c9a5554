import { takeProcessLock } from '@/lib/server/boot/process-lock';

/** Takes the lock file that it is given, says whether it could, and gives it back on SIGTERM. */
const attempt = await takeProcessLock(process.argv[2] ?? '');
const alive = setInterval(() => undefined, 1_000);
process.once('SIGTERM', () => {
  if (attempt.ok) attempt.release();
  clearInterval(alive);
});
process.stdout.write(attempt.ok ? 'taken\n' : 'refused\n'); // last: from here on it may be told to end
