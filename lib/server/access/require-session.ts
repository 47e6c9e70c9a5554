import { AppError } from '@/lib/protocol/errors';
import { PersonId } from '@/lib/protocol/ids';
import type { Caller } from './caller';

/**
 * Whose session it is. What one does to one's own account takes a browser that is signed in.
 * @throws AppError `auth.forbidden` for a key: one that leaks must not be able to take the account of its maker.
 */
export function requireSession({ credential, actor }: Caller): { sessionId: string; personId: PersonId } {
  if (credential.kind !== 'session')
    throw new AppError('auth.forbidden', 'A key cannot do this: sign in in a browser.');
  return { sessionId: credential.id, personId: PersonId.parse(actor.id) };
}
