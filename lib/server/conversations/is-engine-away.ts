import { type ErrorCode, isAppError } from '@/lib/protocol/errors';

/** What a server that is away, or switched off, is met with. */
const AWAY: ReadonlySet<ErrorCode> = new Set([
  'engine.unavailable',
  'engine.not_reached',
  'engine.refused',
  'letta_server.not_found',
]);

/** Whether something failed because its server cannot be asked now: it may be back in a moment. */
export const isEngineAway = (error: unknown): boolean => isAppError(error) && AWAY.has(error.code);
