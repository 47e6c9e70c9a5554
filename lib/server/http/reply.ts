const BRAND = Symbol.for('parley.Reply'); // survives being bundled twice; instanceof does not

/** An answer with a status of its own, or with headers. `status` undefined: that of the endpoint. */
export type Reply = { [BRAND]: true; body: unknown; status: number | undefined; headers: readonly [string, string][] };

type ReplyOptions = { status?: number; headers?: readonly [string, string][] };

/** Answers with `body`, where its status differs from the endpoint's or headers go with it. */
export const reply = (body: unknown, { status, headers = [] }: ReplyOptions): Reply => ({
  [BRAND]: true,
  body,
  status,
  headers,
});

export const isReply = (value: unknown): value is Reply =>
  typeof value === 'object' && value !== null && BRAND in value;
