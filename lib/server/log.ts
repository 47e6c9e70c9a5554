import type { Logger } from 'pino';
import { pino } from 'pino';
import type { Env } from './env';
import { readableLines } from './log-lines';

type Stream = NodeJS.WriteStream & { fd: number };

/** The log of the server. Give an Error as `{ err }`. */
export type Log = Logger;

const SECRETS = ['authorization', 'cookie', 'password', 'token', 'secret', 'apiKey', 'connectionString', 'databaseUrl'];

/**
 * Makes the log: JSON lines, or lines for people when `stream` is a terminal. Commands give standard error, since their
 * output is what they were asked for. Members of secret names are blanked at the top and one level down; still, log
 * ids and never whole requests.
 */
export function createLog(env: Pick<Env, 'logLevel'>, stream: Stream = process.stdout): Log {
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`]);
  const options = { level: env.logLevel, base: null, redact: { paths, censor: '[secret]' } };
  return pino(options, stream.isTTY ? readableLines(stream) : pino.destination(stream.fd));
}

/** Prints a line for the person at the terminal as plain text, whatever the log's level and form. */
export function announce(line: string): void {
  process.stdout.write(`${line}\n`);
}
