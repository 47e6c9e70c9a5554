import type { z } from 'zod';
import { type AnswerSchemas, loadSchemas } from './load-schemas';

/**
 * A request that did not succeed. `code` is the server's (errors.ts), or one of ours: `network` (no answer came, so a
 * write may or may not have happened) and `answer.unexpected` (an answer that this page does not understand, such as
 * after an upgrade). `fields` says by path what was wrong with the values given.
 */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: Record<string, string>;
  readonly requestId: string | null;

  constructor(code: string, message: string, details: Partial<Pick<ApiError, 'status' | 'fields' | 'requestId'>> = {}) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = details.status ?? 0;
    this.fields = details.fields ?? {};
    this.requestId = details.requestId ?? null;
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A schema, or the one of those that are loaded after the page. */
type AnswerOf<Answer extends z.ZodType> = Answer | { later: (schemas: AnswerSchemas) => Answer | Promise<Answer> };

type ApiRequest<Answer extends z.ZodType> = {
  path: string;
  method?: Method;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  /** Schema of the answer's body. */
  answer: AnswerOf<Answer>;
  /** The same key with the same request gets the first answer again. Made anew when it is not given. */
  idempotencyKey?: string;
  /** A status that is an answer too, with the same body, though HTTP counts it as a failure. */
  alsoAnswers?: number;
  /** Leave it to the caller when nobody is signed in, instead of going to the sign-in page. */
  stayOn401?: boolean;
  signal?: AbortSignal;
};

type Asked = Omit<ApiRequest<z.ZodType>, 'answer'>;

/** A random key for one write. Not `randomUUID`: that is missing where the page is not served over https. */
export function newIdempotencyKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function addressOf(path: string, query: Asked['query'] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  const search = new URLSearchParams(given).toString();
  return search ? `${path}${path.includes('?') ? '&' : '?'}${search}` : path;
}

function headersOf(request: Asked, method: Method): Headers {
  const headers = new Headers({ Accept: 'application/json' });
  if (request.body !== undefined) headers.set('Content-Type', 'application/json');
  if (method !== 'GET') headers.set('Idempotency-Key', request.idempotencyKey ?? newIdempotencyKey());
  return headers;
}

async function answerTo(request: Asked): Promise<Response> {
  const method = request.method ?? 'GET';
  try {
    return await fetch(addressOf(request.path, request.query), {
      method,
      headers: headersOf(request, method),
      credentials: 'same-origin',
      cache: 'no-store',
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      ...(request.signal ? { signal: request.signal } : {}),
    });
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new ApiError('network', 'Parley does not answer. Is it running, and is the network up?');
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return undefined; // not JSON: the schemas below refuse it
  }
}

/** What was asked may have been done: as when no answer came, it may be asked again with the same key. */
async function schemas(): Promise<AnswerSchemas> {
  try {
    return await loadSchemas();
  } catch {
    throw new ApiError('network', 'A part of this page could not be loaded. Is Parley running, and is the network up?');
  }
}

const schemaOf = async <Answer extends z.ZodType>(answer: AnswerOf<Answer>): Promise<Answer> =>
  'later' in answer ? answer.later(await schemas()) : answer;

async function failureOf(response: Response, body: unknown): Promise<ApiError> {
  const { ErrorBody } = await schemas();
  const parsed = ErrorBody.safeParse(body);
  if (!parsed.success) {
    return new ApiError('answer.unexpected', `The answer was ${response.status} without a reason.`, {
      status: response.status,
    });
  }
  const { code, message, requestId, fields } = parsed.data.error;
  return new ApiError(code, message, { status: response.status, requestId, fields: fields ?? {} });
}

function goToSignIn(): void {
  const here = window.location.pathname + window.location.search;
  window.location.assign(here === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(here)}`);
}

/**
 * The browser's one door to HTTP. Resolves with the parsed body; the session cookie goes along.
 * @throws ApiError; an AbortError when `signal` was aborted.
 */
export async function api<Answer extends z.ZodType>(request: ApiRequest<Answer>): Promise<z.infer<Answer>> {
  if ('later' in request.answer) loadSchemas().catch(() => undefined); // on their way with the answer; read below
  const response = await answerTo(request);
  const body = await jsonOf(response);
  if (!response.ok && response.status !== request.alsoAnswers) {
    if (response.status === 401 && !request.stayOn401) goToSignIn();
    throw await failureOf(response, body);
  }
  const answer = await schemaOf(request.answer);
  const parsed = answer.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ApiError('answer.unexpected', 'Parley answered in a way this page does not know. Reload the page.', {
    status: response.status,
  });
}

/** What is text and no JSON. @throws as `api` does. */
export async function apiText(path: string, signal?: AbortSignal): Promise<string> {
  const response = await answerTo({ path, ...(signal ? { signal } : {}) });
  if (response.ok) return response.text();
  if (response.status === 401) goToSignIn();
  throw await failureOf(response, await jsonOf(response));
}

const PAGE = 500;
const PAGES_MAX = 10;

/** All of a list (`path` may have a query), page by page, up to 5,000 items or as many `pages` of 500; `more`: there are others beyond. */
export async function apiList<Item extends z.ZodType>(
  path: string,
  item: AnswerOf<Item>,
  signal?: AbortSignal,
  pages = PAGES_MAX,
): Promise<{ items: z.infer<Item>[]; more: boolean }> {
  const items: z.infer<Item>[] = [];
  const answer = { later: async (all: AnswerSchemas) => all.pageOf(await schemaOf(item)) };
  let after: string | undefined;
  for (let page = 0; page < pages; page++) {
    const got = await api({ path, query: { limit: PAGE, after }, answer, ...(signal ? { signal } : {}) });
    items.push(...got.items);
    if (got.next === null) return { items, more: false };
    after = got.next;
  }
  return { items, more: true };
}
