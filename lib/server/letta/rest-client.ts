import Letta, { APIUserAbortError } from '@letta-ai/letta-client';
import type { z } from 'zod';
import { AppError, isAppError } from '@/lib/protocol/errors';
import type { Log } from '@/lib/server/log';
import { type FailureContext, noSuchAgent, toAppError } from './rest-failure';

export type RequestOptions = { signal: AbortSignal; maxRetries: number; timeout: number };

/** The client of the REST dialect, with every request bounded in time and every failure an AppError. */
export type RestClient = {
  letta: Letta;
  log: Log;
  /** How long an answer, or the next frame of a stream, may take. */
  timeoutMs: number;
  /** A request without effect; repeated once when it fails on the way. */
  read<Answer>(answer: z.ZodType<Answer>, ask: Ask, context?: RequestContext): Promise<Answer>;
  /** A request with an effect. INVARIANT: never repeated here, since the engine recognises no repetition. */
  write<Answer>(answer: z.ZodType<Answer>, ask: Ask, context?: RequestContext): Promise<Answer>;
};

type RequestContext = FailureContext & { signal?: AbortSignal | undefined };

type Ask = (options: RequestOptions) => PromiseLike<unknown>;

export type RestClientOptions = {
  baseUrl: string;
  apiKey?: string | null | undefined;
  log: Log;
  timeoutMs: number;
  /** Aborted where no answer is waited for any more. */
  hangUp?: AbortSignal | undefined;
};

/** So much of an answer that is no JSON is shown, in characters. */
const SHOWN = 60;
const AGENT_ID = /^[\w-]+$/; // anything else would lead to another route

/** Makes the client. It reads nothing from the environment: the library's own defaults for address and key stay unused. */
export function createRestClient({ baseUrl, apiKey, log, timeoutMs, hangUp }: RestClientOptions): RestClient {
  const letta = new Letta({
    baseURL: baseUrl.replace(/\/+(?:v1\/*)?$/, ''),
    apiKey: apiKey ?? null,
    timeout: timeoutMs,
    maxRetries: 0, // the library's default of 2 turns one slow send into three turns of the agent
    logLevel: 'off',
  });
  const request = async <Answer>(
    schema: z.ZodType<Answer>,
    ask: Ask,
    maxRetries: number,
    { signal: wanted, ...context }: RequestContext,
  ) => {
    if (context.agentId !== undefined && !AGENT_ID.test(context.agentId)) throw noSuchAgent(context.agentId);
    // The library's own timeout ends when the headers are there; this one covers the body too.
    const late = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([late, ...(wanted ? [wanted] : []), ...(hangUp ? [hangUp] : [])]);
    try {
      return understood(schema, await ask({ signal, maxRetries, timeout: timeoutMs }));
    } catch (error) {
      wanted?.throwIfAborted();
      if (hangUp?.aborted) throw new AppError('engine.unavailable', 'Parley is stopping.', { cause: error });
      if (isAppError(error)) throw error;
      const isLate = late.aborted && (error instanceof APIUserAbortError || isAbort(error));
      throw isLate ? tooLate(timeoutMs, error) : toAppError(error, context);
    }
  };
  return {
    letta,
    log,
    timeoutMs,
    read: (answer, ask, context = {}) => request(answer, ask, 1, context),
    write: (answer, ask, context = {}) => request(answer, ask, 0, context),
  };
}

/** Parses what came back. Throws `engine.answered_badly` when it is not what the REST dialect says. */
function understood<Answer>(schema: z.ZodType<Answer>, answer: unknown): Answer {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  if (typeof answer === 'string') {
    const begin = answer.replaceAll(/\s+/g, ' ').trim().slice(0, SHOWN);
    const message = `Letta answered with “${begin}” instead of JSON: something else may be at its address.`;
    throw new AppError('engine.answered_badly', message, { cause: parsed.error });
  }
  const [issue] = parsed.error.issues;
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  throw new AppError(
    'engine.answered_badly',
    `Letta answered with something else than expected${where}: ${issue?.message}`,
    {
      cause: parsed.error,
    },
  );
}

const tooLate = (timeoutMs: number, cause: unknown): AppError =>
  new AppError('engine.unavailable', `Letta did not answer within ${Math.ceil(timeoutMs / 1_000)} s.`, { cause });

const isAbort = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
