import { AppError } from '@/lib/protocol/errors';

const BUSY = /CONFLICT: Cannot send a new message\b|The agent is waiting for approval on a tool call\b/;
const INVALID =
  /Invalid tool call IDs\b.*|No tool call is currently awaiting approval|Invalid approval response\b.*|Message content is empty or invalid/s;

/**
 * The refusal of an input in what the server says of a turn, or of a run; null when it is a failure of another kind.
 * HAZARD: a stream has begun, with status 200, and its run fails, before the server looks at the input; only the words
 * tell a refusal from a turn that failed.
 */
export function refusalIn(words: string): AppError | null {
  if (BUSY.test(words)) return new AppError('agent.busy', `Letta: ${words}`);
  const reason = INVALID.exec(words)?.[0];
  return reason ? new AppError('request.invalid', `Letta: ${reason}`) : null;
}
