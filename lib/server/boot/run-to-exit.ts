import { isBootError } from './boot-error';

/**
 * Runs a program's main function. A BootError ends it with its message alone and exit code 1; anything else is a bug
 * and keeps its stack. A number that `main` resolves with becomes the exit code.
 */
export async function runToExit(main: () => Promise<number | undefined>): Promise<void> {
  try {
    const code = await main();
    if (typeof code === 'number') process.exitCode = code;
  } catch (error) {
    process.stderr.write(`${isBootError(error) ? error.message : describeBug(error)}\n`);
    process.exitCode = 1;
  }
}

const describeBug = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
