import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { AppError } from '@/lib/protocol/errors';
import { TaskReport } from '@/lib/protocol/task-message';
import { namesPrototype, notNamedPrototype } from '../http/names-prototype';
import { toInputError } from '../http/parse-input';

const MESSAGE_BYTES_MAX = 256 * 1024;
const RAW_BYTES_MAX = 4 * 1024;
const UTF8_BYTES_MAX = 3;

/** What came: a report with the hash by which a repetition is recognised, or what is wrong with it. */
export type ParsedReport = { raw: string } & (
  | { ok: true; message: TaskReport; hash: string }
  | { ok: false; error: AppError }
);

/** Parses what an agent sent. `raw` are at most 4 KiB of it, to be kept where it is refused. */
export function parseReport(body: unknown): ParsedReport {
  const text = JSON.stringify(body) ?? '';
  const raw = cut(text);
  if (Buffer.byteLength(text) > MESSAGE_BYTES_MAX) {
    const options = { fields: { message: 'at most 256 KiB' } };
    return { ok: false, raw, error: new AppError('request.too_large', 'A message may have at most 256 KiB.', options) };
  }
  if (text.includes('"__proto__"') && namesPrototype(body)) {
    const options = { fields: { message: notNamedPrototype } };
    return { ok: false, raw, error: new AppError('request.invalid', `The report: ${notNamedPrototype}.`, options) };
  }
  const parsed = TaskReport.safeParse(body);
  if (!parsed.success) return { ok: false, raw, error: toInputError(parsed.error) };
  return { ok: true, raw, message: parsed.data, hash: hash('sha256', canonicalize(body) ?? text) };
}

/** What did not even become a message: no JSON, too large, cut off. The beginning of it as text, whatever it is. */
export function unreadableReport({ bytes, error }: { bytes: Uint8Array; error: AppError }): ParsedReport {
  return { ok: false, raw: cut(new TextDecoder().decode(bytes.subarray(0, RAW_BYTES_MAX))), error };
}

/** The first 4 KiB of UTF-8, ending between two characters. */
function cut(text: string): string {
  if (text.length * UTF8_BYTES_MAX <= RAW_BYTES_MAX) return text;
  const bytes = Buffer.from(text);
  if (bytes.length <= RAW_BYTES_MAX) return text;
  return new TextDecoder().decode(bytes.subarray(0, RAW_BYTES_MAX)).replace(/\uFFFD+$/, '');
}
