import { APIConnectionError, APIError } from '@letta-ai/letta-client';
import { z } from 'zod';
import { AppError, type ErrorCode } from '@/lib/protocol/errors';
import { wasNeverConnected } from './connection-failure';

/** What the failed request was about, so that its failure can be named. */
export type FailureContext = {
  /** The agent in the path: a 404 then means that there is no such agent. */
  agentId?: string;
  /** The request starts a turn: a failure of the server then leaves its outcome unknown. */
  sends?: boolean;
};

const Said = z.union([z.string(), z.looseObject({ message: z.string().nullish() })]);
const Body = z.looseObject({
  detail: Said.nullish(),
  error: Said.nullish(),
  message: z.string().nullish(),
});
const Nested = z.looseObject({ message: z.string().nullish(), detail: z.unknown().optional() });

/** Turns whatever a request threw into the AppError that the port promises. */
export function toAppError(error: unknown, context: FailureContext = {}): AppError {
  if (!(error instanceof APIError) || error instanceof APIConnectionError || error.status === undefined) {
    // Only a send must tell whether anything can have happened; whoever reads just asks again.
    const code = context.sends && wasNeverConnected(error) ? 'engine.not_reached' : 'engine.unavailable';
    return new AppError(code, `Letta cannot be reached: ${rootMessage(error)}`, { cause: error });
  }
  const status: number = error.status;
  const words = describeBody(error.error) ?? `HTTP ${status}`;
  const code = codeOf(status, words, context);
  if (code === 'agent.not_found' && context.agentId) return noSuchAgent(context.agentId, { cause: error });
  return new AppError(code, `Letta: ${words}`, { cause: error });
}

/** For an agent that the server does not know, or could not: its ids have a shape. */
export const noSuchAgent = (agentId: string, options: ErrorOptions = {}): AppError =>
  new AppError('agent.not_found', `Letta has no agent ${agentId}.`, options);

function codeOf(status: number, words: string, context: FailureContext): ErrorCode {
  if (status === 401 || status === 403) return 'engine.refused';
  if (context.agentId && (status === 404 || status === 422) && saysNoAgent(words)) return 'agent.not_found';
  if (status === 409) return context.sends ? 'agent.busy' : 'engine.answered_badly';
  if (status === 400 || status === 404 || status === 422) return 'request.invalid';
  if (status === 503 || status === 504 || status === 502 || status === 408) return 'engine.unavailable';
  return status >= 500 && context.sends ? 'engine.unavailable' : 'engine.answered_badly';
}

/** `Agent with ID … not found`, `Agent not found …`; an id of the wrong shape is 422 with the parameter's name. */
const saysNoAgent = (words: string): boolean => /\bagent\b.*\bnot found\b|agent_id/is.test(words);

/** One readable sentence out of the shapes in which the server says what is wrong; null when it says nothing. */
export function describeBody(body: unknown): string | null {
  if (typeof body === 'string') return body.trim() || null;
  const parsed = Body.safeParse(body);
  if (!parsed.success) return body === undefined || body === null ? null : JSON.stringify(body);
  const { detail, error, message } = parsed.data;
  if (typeof detail === 'string') return withoutPython(detail);
  const nested = Nested.safeParse(detail ?? error);
  if (nested.success && nested.data.message) return joinWords(nested.data.message, nested.data.detail);
  if (typeof error === 'string') return joinWords(error, detail);
  return message ? joinWords(message, detail) : JSON.stringify(body);
}

/** A general sentence and what is behind it, said once when they are the same. */
export const joinWords = (message: string, detail: unknown): string =>
  typeof detail === 'string' && detail && !message.includes(detail) ? `${message} ${detail}` : message;

/** A 422 carries the validator's findings as a printed Python list: only their sentences are for people. */
function withoutPython(detail: string): string {
  if (!detail.startsWith('[{')) return detail;
  const findings = [...detail.matchAll(/'loc': \(([^)]*)\), 'msg': (?:'([^']*)'|"([^"]*)")/g)];
  const said = findings.map(([, where = '', single, double]) => `${where.replace(/'|,$/g, '')}: ${single ?? double}`);
  return said.length > 0 ? said.join('; ') : detail;
}

/** Undici hides the reason (`ECONNREFUSED …`) two causes deep behind `fetch failed`. */
function rootMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof AggregateError && error.cause.errors.length > 0) return rootMessage(error.cause.errors[0]);
  return error.cause instanceof Error ? rootMessage(error.cause) : error.message;
}
