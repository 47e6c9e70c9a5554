import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { AppError } from '@/lib/protocol/errors';
import type { JsonValue } from '@/lib/protocol/json';
import type { Caller } from '../access/caller';
import type { IdempotencyKey } from '../ledger/command';
import type { Runtime } from '../runtime';
import { parseInput } from './parse-input';

/** What is needed of a request: Next's is one, and so is one that comes straight from Node. */
export type ArrivingRequest = Pick<Request, 'method' | 'url' | 'headers' | 'signal'> & {
  body: Request['body'] | Readable;
};

/** A request on its way to its endpoint. */
export type Arrival = { rt: Runtime; request: ArrivingRequest; requestId: string; params: Record<string, string> };

/** What a handler is given at an address that is open: nobody is known to ask. */
export type OpenContext = Arrival & {
  /** IP address of whoever asks. */
  address: string;
  /** A parameter of the path, parsed. @throws AppError `request.not_found`: an address of that form names nothing. */
  param<Schema extends z.ZodType>(name: string, schema: Schema): z.infer<Schema>;
  /** The query, parsed. @throws AppError `request.invalid` */
  query<Schema extends z.ZodType>(schema: Schema): z.infer<Schema>;
  /** The body, parsed; `{}` where there is none, and on reads. @throws AppError `request.invalid`, `request.too_large` */
  body<Schema extends z.ZodType>(schema: Schema): z.infer<Schema>;
};

export type Context = OpenContext & {
  caller: Caller;
  /**
   * Given to the command that carries the write out, which then keeps its answer with the entries. INVARIANT: that
   * answer is the body of the response, for a repeat is answered with it.
   */
  idempotency: IdempotencyKey | undefined;
};

export function openContext(arrival: Arrival, body: JsonValue): OpenContext {
  return {
    ...arrival,
    address: addressOf(arrival.request),
    param: (name, schema) => parseParameter(arrival, name, schema),
    query: (schema) => parseInput(schema, readQuery(arrival.request)),
    body: (schema) => parseInput(schema, body),
  };
}

/** Ids are opaque to whoever asks: one that cannot be an id is one that nothing has. */
function parseParameter<Schema extends z.ZodType>({ params, request }: Arrival, name: string, schema: Schema) {
  const parsed = schema.safeParse(params[name]);
  if (parsed.success) return parsed.data;
  const { pathname } = new URL(request.url);
  throw new AppError('request.not_found', `There is nothing at ${pathname}.`, { cause: parsed.error });
}

/** guardRequest has made this header true. */
export const addressOf = (request: ArrivingRequest): string => request.headers.get('x-forwarded-for') ?? 'unknown';

function readQuery(request: ArrivingRequest): Record<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of new URL(request.url).searchParams) {
    const refusal = (why: string) => new AppError('request.invalid', `${name}: ${why}.`, { fields: { [name]: why } });
    if (query.has(name)) throw refusal('given twice');
    // As a number it would be 0, and `wait=` would take messages. A history may begin without a place.
    if (value.trim() === '' && name !== 'after') throw refusal('is empty');
    if (value.includes('\u0000')) throw refusal('must not contain U+0000');
    query.set(name, value);
  }
  return Object.fromEntries(query);
}
