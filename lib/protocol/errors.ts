import { z } from 'zod';

/** Every error code with its HTTP status. This table is the type: a code that is not here does not compile. */
export const errorStatus = {
  'request.invalid': 400,
  'auth.required': 401,
  'auth.wrong_credentials': 401,
  'auth.link_spent': 401,
  'auth.forbidden': 403,
  'auth.stale': 403,
  'auth.wrong_password': 403,
  'request.foreign_origin': 403,
  'request.not_found': 404,
  'agent.not_found': 404,
  'conversation.not_found': 404,
  'entry.not_found': 404,
  'letta_server.not_found': 404,
  'key.not_found': 404,
  'person.not_found': 404,
  'invitation.not_found': 404,
  'session.not_found': 404,
  'passkey.not_found': 404,
  'stream.not_found': 404,
  'task.not_found': 404,
  'request.method': 405,
  'idempotency.mismatch': 409,
  'idempotency.taken_over': 409,
  'agent.seated': 409,
  'agent.busy': 409,
  'server.ambiguous': 409,
  'server.taken': 409,
  'letta_server.fixed': 409,
  'conversation.state': 409,
  'seat.not_found': 404,
  'seat.taken': 409,
  'seat.not_held': 409,
  'quarantine.not_found': 404,
  'quarantine.settled': 409,
  'conveyance.not_found': 404,
  'conveyance.state': 409,
  'draft.not_found': 404,
  'draft.changed': 409,
  'draft.already_decided': 409,
  'draft.expired': 409,
  'draft.not_allowed': 409,
  'draft.same_person': 409,
  'draft.not_decided': 409,
  'draft.already_dispatched': 409,
  'draft.not_failed': 409,
  'rule.not_found': 404,
  'gate.not_found': 404,
  'gate.needed': 409,
  'deadline.moved': 409,
  'runner.unavailable': 409,
  'task.state': 409,
  'task.taken': 409,
  'task.taken_over': 409,
  'person.last_admin': 409,
  'person.last_credential': 409,
  'person.name_taken': 409,
  'request.too_large': 413,
  'request.media_type': 415,
  'request.foreign_host': 421,
  'request.too_many': 429,
  internal: 500,
  'engine.answered_badly': 502,
  'engine.refused': 502,
  'engine.unavailable': 503,
  'engine.not_reached': 503,
  'ledger.unavailable': 503,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof errorStatus;

/** The body of every failure, on HTTP and in socket acks. `message` is safe to show; details stay in the log. */
export const ErrorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    requestId: z.string(),
    fields: z.record(z.string(), z.string()).optional(),
  }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

const BRAND = Symbol.for('parley.AppError'); // survives being bundled twice; instanceof does not

type AppErrorOptions = ErrorOptions & { fields?: Record<string, string>; retryAfterSeconds?: number; allow?: string[] };

/**
 * A refusal or a failure of the world that the caller may be told about.
 * `fields` names what in the request was wrong, by path: `{ 'opening.to': 'no such seat' }`.
 */
export class AppError extends Error {
  readonly [BRAND] = true;
  readonly code: ErrorCode;
  readonly fields: Record<string, string> | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly allow: string[] | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
    this.fields = options.fields;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.allow = options.allow;
  }
}

export const isAppError = (error: unknown): error is AppError =>
  typeof error === 'object' && error !== null && BRAND in error;
