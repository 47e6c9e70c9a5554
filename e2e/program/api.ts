import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { WireEntry } from '@/lib/protocol/entry';
import { ErrorBody } from '@/lib/protocol/errors';
import { ADMIN_KEY } from '@/lib/testing/parley-program';

export type Answer = { status: number; body: unknown };
export type Request = { method?: string; path: string; body?: unknown; idempotencyKey?: string };

/** The public HTTP API of a running program, as a script uses it. */
export type Api = {
  url: string;
  /** The answer, whatever its status. Rejects when none comes. */
  send(request: Request): Promise<Answer>;
  /** The body of an answer that succeeded. Where the program cannot answer now, it is asked again for a while. */
  ask(request: Request): Promise<unknown>;
  text(path: string): Promise<string>;
  /** All entries of a conversation from the first on, or of the whole ledger. */
  entries(conversationId?: string): Promise<WireEntry[]>;
};

const TIMEOUT_MS = 30_000;
const PATIENCE_MS = 20_000;
const AGAIN_MS = 100;
const EntryPage = z.object({ items: z.array(WireEntry), next: z.string().nullable() });

export function apiOf(url: string, key = ADMIN_KEY): Api {
  const request = ({ method = 'GET', path, body, idempotencyKey }: Request) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
      },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const send = async (wanted: Request): Promise<Answer> => {
    const response = await request(wanted);
    return { status: response.status, body: await response.json() };
  };
  const ask = async (wanted: Request): Promise<unknown> => {
    const until = performance.now() + PATIENCE_MS;
    let { status, body } = await send(wanted);
    while (status === 503 && performance.now() < until) {
      await delay(AGAIN_MS);
      ({ status, body } = await send(wanted));
    }
    if (status >= 300) throw new Error(`${wanted.method ?? 'GET'} ${wanted.path}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  return {
    url,
    send,
    ask,
    text: async (path) => {
      const response = await request({ path });
      const text = await response.text();
      if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${text}`);
      return text;
    },
    entries: async (conversationId) => {
      const base = conversationId ? `/api/conversations/${conversationId}/entries` : '/api/audit/entries';
      const all: WireEntry[] = [];
      for (let after: string | null = '0'; after !== null; ) {
        const page: z.infer<typeof EntryPage> = EntryPage.parse(
          await ask({ path: `${base}?limit=500&after=${after}` }),
        );
        all.push(...page.items);
        after = page.next;
      }
      return all;
    },
  };
}

export const errorCodeOf = ({ body }: Answer): string | null => {
  const failed = ErrorBody.safeParse(body);
  return failed.success ? failed.data.error.code : null;
};
