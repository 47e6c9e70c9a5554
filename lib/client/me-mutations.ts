import { z } from 'zod';
import { type ChangeMe, Me, Passkey, Person, type SetPassword } from '@/lib/protocol/person';
import { api } from './api';
import { createPasskey } from './passkey';
import { CreationOptions } from './passkey-options';
import { meQuery } from './people-queries';
import { useWrite } from './use-write';

/** The query of sessions and that of passkeys lie under it. */
const refresh = [meQuery.queryKey];
const Done = z.unknown();

export const useChangeMe = () =>
  useWrite(
    (body: ChangeMe, idempotencyKey) => api({ method: 'PATCH', path: '/api/me', body, answer: Person, idempotencyKey }),
    refresh,
  );

/** Also ends all other sessions. */
export const useSetPassword = () =>
  useWrite(
    (body: SetPassword, idempotencyKey) =>
      api({ method: 'PUT', path: '/api/me/password', body, answer: Me, idempotencyKey }),
    refresh,
  );

/** Lets the device make a passkey and keeps it under `name`. @throws ApiError, PasskeyError */
export const useAddPasskey = () =>
  useWrite(async ({ name }: { name: string }, idempotencyKey) => {
    const options = await api({ method: 'POST', path: '/api/me/passkeys/options', body: {}, answer: CreationOptions });
    const response = await createPasskey(options);
    return api({ method: 'POST', path: '/api/me/passkeys', body: { response, name }, answer: Passkey, idempotencyKey });
  }, refresh);

export const useRemovePasskey = () =>
  useWrite(
    (passkeyId: string, idempotencyKey) =>
      api({
        method: 'DELETE',
        path: `/api/me/passkeys/${encodeURIComponent(passkeyId)}`,
        answer: Done,
        idempotencyKey,
      }),
    refresh,
  );

export const useEndSession = () =>
  useWrite(
    (sessionId: string, idempotencyKey) =>
      api({
        method: 'DELETE',
        path: `/api/me/sessions/${encodeURIComponent(sessionId)}`,
        answer: Done,
        idempotencyKey,
      }),
    refresh,
  );

export const useEndOtherSessions = () =>
  useWrite(
    (_: null, idempotencyKey) => api({ method: 'DELETE', path: '/api/me/sessions', answer: Done, idempotencyKey }),
    refresh,
  );
