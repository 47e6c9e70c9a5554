import type { Env } from '@/lib/server/env';
import type { Log } from '@/lib/server/log';

/** What a command works with. `print` writes one line to standard output; the log goes to standard error. */
export type VerbContext = { env: Env; log: Log; print: (line: string) => void };

/**
 * One command of `parley`, which its file under verbs/ exports as `verb`. `run` gets the words after the command's own
 * name and resolves with the exit code. It throws BootError for what the person can mend (exit 1, message alone) and
 * UsageError, or what `parseArgs` of node:util throws, for a wrong call (exit 2, with `usage`).
 */
export type Verb = { usage: string; run: (args: string[], context: VerbContext) => Promise<number> };

/** A command called wrongly: shown with the command's usage, exit code 2. */
export class UsageError extends Error {
  readonly code = 'ERR_PARSE_ARGS_USAGE';
}
