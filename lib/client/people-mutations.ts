import { CreatedInvitation, type CreateInvitation, Invitation } from '@/lib/protocol/invitation';
import { type ChangePerson, Person } from '@/lib/protocol/person';
import { api } from './api';
import { invitationsQuery, peopleQuery } from './people-queries';
import { useWrite } from './use-write';

const refresh = [peopleQuery.queryKey, invitationsQuery.queryKey];
const personPath = (personId: string) => `/api/people/${encodeURIComponent(personId)}`;

/** Answers with the link, which is not shown again. */
export const useInvite = () =>
  useWrite(
    (body: CreateInvitation, idempotencyKey) =>
      api({ method: 'POST', path: '/api/invitations', body, answer: CreatedInvitation, idempotencyKey }),
    refresh,
  );

export const useRevokeInvitation = () =>
  useWrite(
    (invitationId: string, idempotencyKey) =>
      api({ method: 'DELETE', path: `/api/invitations/${invitationId}`, answer: Invitation, idempotencyKey }),
    refresh,
  );

export const useChangePerson = (personId: string) =>
  useWrite(
    (body: ChangePerson, idempotencyKey) =>
      api({ method: 'PATCH', path: personPath(personId), body, answer: Person, idempotencyKey }),
    refresh,
  );

export const useRemovePerson = (personId: string) =>
  useWrite(
    (_: null, idempotencyKey) => api({ method: 'DELETE', path: personPath(personId), answer: Person, idempotencyKey }),
    refresh,
  );
