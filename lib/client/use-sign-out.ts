import { z } from 'zod';
import { api } from './api';
import { useWrite } from './use-write';

const SignedOut = z.unknown();

/** Ends this session, and leaves for the sign-in page. */
export const useSignOut = () =>
  useWrite(async (_: null, idempotencyKey) => {
    await api({ method: 'POST', path: '/api/sign-out', body: {}, answer: SignedOut, idempotencyKey });
    window.location.assign('/sign-in');
  });
