import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { ExportFault, type VerifiedExport, verifyExport } from '../../audit/verify-export';
import { BootError } from '../../boot/boot-error';
import { errorCode } from '../../boot/error-code';
import { exportLedger } from '../../ledger/export-ledger';
import { UsageError, type Verb, type VerbContext } from '../verb';
import { withCheckpoint } from '../with-checkpoint';

const options = { key: { type: 'string' } } as const;

/**
 * Verifies an export by itself, without a database; without a file the ledger of this installation. `--key` is the
 * verifier key that its reader knows, as /api/audit/key tells it: without it, only that the export agrees with itself.
 * Exit code 1, with the first fault, where it does not hold.
 */
export const verb: Verb = {
  usage: 'npm run parley -- audit verify [--key <verifier key>] [<file>]',
  async run(args, context) {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [file, ...more] = positionals;
    if (more.length > 0) throw new UsageError('audit verify takes one file');
    const keys = values.key?.trim().split(/\s+/) ?? [];
    const verified = file === undefined ? await verifyOwn(context, keys) : await verifyFile(file, keys);
    for (const line of describe(verified, keys.length > 0)) context.print(line);
    return 0;
  },
};

async function verifyFile(file: string, keys: readonly string[]): Promise<VerifiedExport> {
  try {
    return await toldAs(file, verifyExport(linesOf(createReadStream(file, 'utf8')), keys));
  } catch (cause) {
    const code = errorCode(cause);
    if (code !== undefined) throw new BootError(`${file} cannot be read: ${code}.`, { cause });
    throw cause;
  }
}

async function verifyOwn(context: VerbContext, keys: readonly string[]): Promise<VerifiedExport> {
  const found: VerifiedExport[] = [];
  await withCheckpoint(context, async ({ db, workspace }, checkpoint) => {
    const lines = linesOf(exportLedger(db, workspace, checkpoint, null));
    found.push(await toldAs('The ledger', verifyExport(lines, keys)));
  });
  const [verified] = found;
  if (!verified) throw new Error('a ledger was verified without a result');
  return verified;
}

async function toldAs(what: string, verifying: Promise<VerifiedExport>): Promise<VerifiedExport> {
  try {
    return await verifying;
  } catch (cause) {
    if (cause instanceof ExportFault) throw new BootError(`${what} does not hold: ${cause.message}.`, { cause });
    throw cause;
  }
}

/** Lines end with \n alone: other ends of lines may stand in what somebody said. */
async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function describe(
  { kind, origin, vkey, size, entries, checkpoints, redacted }: VerifiedExport,
  isTrusted: boolean,
): string[] {
  const what = kind === 'full' ? `all ${entries} entries` : `${entries} of ${size} entries, each with its path,`;
  const gone = redacted === 0 ? [] : [`${redacted} payloads were redacted; what they said cannot be read any more.`];
  return [
    `It holds: ${what} of ${origin}, under ${checkpoints} signed checkpoints.`,
    ...gone,
    isTrusted
      ? 'It was signed with the key given.'
      : `It was signed with ${vkey}. Compare this key with the one that you know, or give that with --key.`,
  ];
}
