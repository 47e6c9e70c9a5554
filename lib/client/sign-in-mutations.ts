import { Me } from '@/lib/protocol/person';
import type { JoinByInvitation, SignInByLink, SignInByPassword } from '@/lib/protocol/sign-in';
import { api } from './api';
import { getPasskey } from './passkey';
import { RequestOptions } from './passkey-options';
import { useWrite } from './use-write';

const post = (path: string, body: unknown, idempotencyKey: string) =>
  api({ method: 'POST', path, body, answer: Me, idempotencyKey, stayOn401: true });

/** With the one-time link of the log or the command line. */
export const useSignInByLink = () => useWrite((body: SignInByLink, key) => post('/api/sign-in', body, key));

export const useSignInByPassword = () =>
  useWrite((body: SignInByPassword, key) => post('/api/sign-in/password', body, key));

/** Asks the device for a passkey and signs in with it. @throws ApiError, PasskeyError */
export const useSignInByPasskey = () =>
  useWrite(async (_: null, key) => {
    const options = await api({
      method: 'POST',
      path: '/api/sign-in/passkey/options',
      body: {},
      answer: RequestOptions,
      stayOn401: true,
    });
    return post('/api/sign-in/passkey', { response: await getPasskey(options) }, key);
  });

export const useJoin = () => useWrite((body: JoinByInvitation, key) => post('/api/sign-in/invitation', body, key));
