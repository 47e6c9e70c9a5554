import { queryOptions } from '@tanstack/react-query';
import { ApiKey } from '@/lib/protocol/api-key';
import { Invitation } from '@/lib/protocol/invitation';
import { Me, Passkey, Person, Session } from '@/lib/protocol/person';
import { InvitationOffer, SignInWays } from '@/lib/protocol/sign-in';
import { api, apiList } from './api';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api({ path: '/api/me', answer: Me, signal }),
});

export const sessionsQuery = queryOptions({
  queryKey: ['me', 'sessions'],
  queryFn: ({ signal }) => apiList('/api/me/sessions', Session, signal),
});

export const passkeysQuery = queryOptions({
  queryKey: ['me', 'passkeys'],
  queryFn: ({ signal }) => apiList('/api/me/passkeys', Passkey, signal),
});

export const peopleQuery = queryOptions({
  queryKey: ['live', 'people'],
  queryFn: ({ signal }) => apiList('/api/people', Person, signal),
});

export const invitationsQuery = queryOptions({
  queryKey: ['live', 'invitations'],
  queryFn: ({ signal }) => apiList('/api/invitations', Invitation, signal),
});

export const keysQuery = queryOptions({
  queryKey: ['live', 'keys'],
  queryFn: ({ signal }) => apiList('/api/keys', ApiKey, signal),
});

/** What the sign-in page may offer; open to everybody. */
export const signInWaysQuery = queryOptions({
  queryKey: ['sign-in'],
  queryFn: ({ signal }) => api({ path: '/api/sign-in', answer: SignInWays, stayOn401: true, signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const invitationOfferQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation-offer', token],
    queryFn: ({ signal }) =>
      api({
        method: 'POST', // the token must not stand in an address
        path: '/api/sign-in/invitation/offer',
        body: { token },
        answer: InvitationOffer,
        stayOn401: true,
        signal,
      }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
