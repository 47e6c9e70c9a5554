import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { Stream } from '@/lib/protocol/stream';
import { BootError } from '../../boot/boot-error';
import { errorCode } from '../../boot/error-code';
import { exportLedger } from '../../ledger/export-ledger';
import { UsageError, type Verb } from '../verb';
import { withCheckpoint } from '../with-checkpoint';

const options = { stream: { type: 'string' } } as const;

/**
 * Writes the ledger, or one stream of it, as /api/audit/export gives it: to standard output, or into a file that is not
 * there yet. Beside a running Parley or without one; a checkpoint is signed first.
 */
export const verb: Verb = {
  usage: 'npm run parley -- audit export [--stream <stream>] [<file>]',
  async run(args, context) {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [file, ...more] = positionals;
    if (more.length > 0) throw new UsageError('audit export takes one file');
    const stream = values.stream === undefined ? null : parseStream(values.stream);
    await withCheckpoint(context, async ({ db, workspace }, checkpoint) => {
      const lines = Readable.from(exportLedger(db, workspace, checkpoint, stream));
      if (file === undefined) await pipeline(lines, process.stdout, { end: false });
      else
        await pipeline(lines, createWriteStream(file, { flags: 'wx' })).catch((error: unknown) => refuse(file, error));
    });
    return 0;
  },
};

function parseStream(given: string): Stream {
  const parsed = Stream.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new UsageError(`--stream: ${parsed.error.issues[0]?.message}`);
}

function refuse(file: string, cause: unknown): never {
  const code = errorCode(cause);
  if (code === 'EEXIST') throw new BootError(`${file} is there already; name another file.`, { cause });
  if (code === undefined) throw cause;
  throw new BootError(`${file} could not be written: ${code}.`, { cause });
}
