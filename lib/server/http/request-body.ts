import { Readable } from 'node:stream';
import { AppError, isAppError } from '@/lib/protocol/errors';
import type { JsonValue } from '@/lib/protocol/json';
import { namesPrototype, notNamedPrototype } from './names-prototype';
import type { ArrivingRequest } from './request-context';

const BYTES_MAX = 1024 * 1024;
/** So much of a body that is too large is still read, and let go. */
const DRAINED_MAX = 16 * BYTES_MAX;
const DEPTH_MAX = 64;

/** What a request carried. `mended` counts the texts in which a lone surrogate was replaced by U+FFFD. */
export type RequestBody = { bytes: Uint8Array; value: JsonValue; mended: number };

/** A body that is refused, with what was read of it until then. */
export type UnreadableBody = { bytes: Uint8Array; error: AppError };

/**
 * Reads a JSON body of at most 1 MiB, counting while it reads; an absent one is `{}`. What cannot be read is given with
 * the reason: `request.too_large`, `request.media_type`, or `request.invalid`: not UTF-8, not JSON, deeper than 64 levels,
 * with a member `__proto__`, with a number that would not stay what it is, or ended early.
 */
export async function receiveBody({
  headers,
  body,
}: Pick<ArrivingRequest, 'headers' | 'body'>): Promise<RequestBody | UnreadableBody> {
  const declared = Number(headers.get('content-length') ?? 0);
  const { bytes, error } = await (body instanceof Readable ? readStream(body, declared) : readWeb(body, declared));
  if (error) return { bytes, error };
  if (bytes.length === 0) return { bytes, value: {}, mended: 0 };
  try {
    requirePlain(headers.get('content-encoding'));
    return { bytes, ...parseBody(bytes, headers.get('content-type')) };
  } catch (error) {
    if (isAppError(error)) return { bytes, error };
    throw error;
  }
}

function parseBody(bytes: Uint8Array, contentType: string | null): Omit<RequestBody, 'bytes'> {
  requireJsonType(contentType);
  const text = decode(bytes);
  requireShallow(text);
  const counter = { mended: 0 };
  const parsed = parse(text);
  requireNumbersKept(text);
  if (/__proto__|\\u/.test(text) && namesPrototype(parsed)) {
    throw new AppError('request.invalid', `The body is not taken: ${notNamedPrototype}.`, {
      fields: { body: notNamedPrototype },
    });
  }
  // A lone surrogate can only come from an escape.
  const value = text.includes('\\u') ? mend(parsed, counter) : parsed;
  return { value, mended: counter.mended };
}

type Received = { bytes: Uint8Array; error: AppError | null };

/** Of what is said to be too large only the beginning is kept. */
async function readWeb(body: ReadableStream<Uint8Array> | null, declared: number): Promise<Received> {
  const reader = body?.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const received = (error: AppError | null): Received => ({ bytes: Buffer.concat(chunks), error });
  try {
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
      length += read.value.length;
      chunks.push(read.value);
      if (Math.max(length, declared) <= BYTES_MAX) continue;
      if (reader) void drain(reader, length);
      return received(tooLarge());
    }
    return received(null);
  } catch (cause) {
    return received(endedEarly(cause));
  }
}

/** The same of a stream of Node. What is too large goes on being read, and let go, while it is refused. */
function readStream(body: Readable, declared: number): Promise<Received> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const done = (error: AppError | null) => {
      resolve({ bytes: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks), error });
    };
    body.on('data', (chunk: Uint8Array) => {
      const wasTooLarge = length > BYTES_MAX;
      length += chunk.length;
      if (!wasTooLarge) chunks.push(chunk);
      if (Math.max(length, declared) > BYTES_MAX) done(tooLarge());
      if (length > DRAINED_MAX) body.destroy();
    });
    body.once('end', () => done(null));
    body.once('error', (cause) => done(endedEarly(cause)));
    body.once('close', () => {
      if (!body.readableEnded) done(endedEarly());
    });
  });
}

const endedEarly = (cause?: unknown) =>
  new AppError('request.invalid', 'The body ended before its end.', { cause, fields: { body: 'ended early' } });

/** Reads on and lets go while the refusal is on its way: closed at once, the connection would take it along. */
async function drain(reader: ReadableStreamDefaultReader<Uint8Array>, from: number): Promise<void> {
  try {
    let length = from;
    for (let read = await reader.read(); !read.done && length <= DRAINED_MAX; read = await reader.read()) {
      length += read.value.length;
    }
    await reader.cancel();
  } catch {
    // The sender has gone, and with it the reason to read on.
  }
}

const tooLarge = () => new AppError('request.too_large', 'A body may have at most 1 MiB.');

function requireJsonType(contentType: string | null): void {
  if (/^application\/(json|[\w.-]+\+json)\s*(;|$)/i.test(contentType ?? '')) return;
  throw new AppError('request.media_type', 'A body must be JSON: send it with Content-Type: application/json.');
}

function requirePlain(contentEncoding: string | null): void {
  if (contentEncoding === null || /^\s*(identity)?\s*$/i.test(contentEncoding)) return;
  throw new AppError('request.media_type', 'A body must not be compressed: send it without Content-Encoding.');
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new AppError('request.invalid', 'The body is not UTF-8.', { cause, fields: { body: 'must be UTF-8' } });
  }
}

/** Counts brackets outside of strings, before anything is built from them. */
function requireShallow(text: string): void {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (inString) {
      if (char === 0x5c) at += 1;
      else if (char === 0x22) inString = false;
    } else if (char === 0x22) inString = true;
    else if (char === 0x5b || char === 0x7b) depth += 1;
    else if (char === 0x5d || char === 0x7d) depth -= 1;
    if (depth > DEPTH_MAX) throw tooDeep();
  }
}

const tooDeep = () =>
  new AppError('request.invalid', `The body is nested deeper than ${DEPTH_MAX} levels.`, {
    fields: { body: `at most ${DEPTH_MAX} levels` },
  });

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('request.invalid', 'The body is not JSON.', { cause, fields: { body: 'must be JSON' } });
  }
}

/** Digits enough to be more than a number of JavaScript holds, or an exponent. Most bodies have neither. */
const MAY_BE_TOO_MUCH = /\d{16}|\d[eE]\+?\d{2}/;
const WHOLE = /^-?\d+$/;

/** Also as a program writes it that counts in doubles itself, whose digits are not those of the exact value. */
const isKept = (value: number, source: string): boolean =>
  Number.isFinite(value) && (!WHOLE.test(source) || String(value) === source || BigInt(source) === BigInt(value));

/** Whoever counts in large integers would read another one afterwards, and nobody would have been told. */
function requireNumbersKept(text: string): void {
  if (!MAY_BE_TOO_MUCH.test(text)) return;
  let lost: string | undefined;
  JSON.parse(text, function (this: unknown, name: string, value: unknown, context?: { source?: string }) {
    const { source = '' } = context ?? {};
    if (typeof value !== 'number' || lost !== undefined) return value;
    if (!isKept(value, source)) lost = Array.isArray(this) || name === '' ? 'body' : name;
    return value;
  });
  if (lost === undefined) return;
  const why = 'a number beyond 2^53 is not kept exactly; send it as text';
  throw new AppError('request.invalid', `The body is not taken: ${lost}: ${why}.`, { fields: { [lost]: why } });
}

/** PostgreSQL and the hashes of the ledger know only well-formed text. */
function mend(value: JsonValue, counter: { mended: number }): JsonValue {
  if (isWellFormed(value)) return value;
  const mendText = (text: string): string => {
    if (text.isWellFormed()) return text;
    counter.mended += 1;
    return text.toWellFormed();
  };
  if (typeof value === 'string') return mendText(value);
  if (Array.isArray(value)) return value.map((item) => mend(item, counter));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [mendText(key), mend(item, counter)]));
}

function isWellFormed(value: JsonValue): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (value === null || typeof value !== 'object') return true;
  if (Array.isArray(value)) return value.every(isWellFormed);
  return Object.keys(value).every((key) => key.isWellFormed()) && Object.values(value).every(isWellFormed);
}
