import type { JsonObject } from '@/lib/protocol/json';

/**
 * An answer other than 2xx in the words of the real server, whose error bodies have no common shape:
 * `{detail: "…"}`, `{detail: {code, …}}`, `{error: {type, message, detail}}`, `{trace_id, detail: "[…]"}`.
 * `summary` is what its log, a failed run's metadata and a streamed error say.
 */
export class LettaRefusal extends Error {
  readonly status: number;
  readonly body: JsonObject;

  constructor(status: number, body: JsonObject, summary: string) {
    super(summary);
    this.name = 'LettaRefusal';
    this.status = status;
    this.body = body;
  }
}

export const refuse = (status: number, detail: string): LettaRefusal => new LettaRefusal(status, { detail }, detail);

export const agentNotFound = (): LettaRefusal => refuse(404, 'Agent not found');

const PENDING =
  'CONFLICT: Cannot send a new message: The agent is waiting for approval on a tool call. ' +
  'Please approve or deny the pending request before continuing.';

/** A turn that was asked for while an approval is pending. */
export const pendingApproval = (requestId: string): LettaRefusal =>
  new LettaRefusal(
    409,
    { detail: { code: 'PENDING_APPROVAL', message: PENDING, pending_request_id: requestId } },
    PENDING,
  );

/** Why nothing can be followed that somebody else began. */
export const NO_REDIS =
  'Background streaming requires Redis to be running. Please ensure Redis is properly configured. ' +
  'LETTA_REDIS_HOST: None, LETTA_REDIS_PORT: 6379';
