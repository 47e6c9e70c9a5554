import { api } from './api';
import { useWrite } from './use-write';

/** Ends this session, and leaves for the sign-in page. */
export const useSignOut = () =>
  useWrite(async (_: null, idempotencyKey) => {
    await api({
      method: 'POST',
      path: '/api/sign-out',
      body: {},
      answer: { later: (all) => all.Anything },
      idempotencyKey,
    });
    window.location.assign('/sign-in');
  });
