import { DoctorReport } from '@/lib/protocol/doctor';
import {
  type AddLettaServer,
  type ChangeLettaServer,
  type LettaAddress,
  LettaServer,
} from '@/lib/protocol/letta-server';
import { agentsQuery, modelsQuery } from './agent-queries';
import { api } from './api';
import { lettaServersQuery } from './letta-servers-query';
import { useWrite } from './use-write';

const pathOf = (name: string) => `/api/letta-servers/${encodeURIComponent(name)}`;
const refresh = [lettaServersQuery.queryKey, agentsQuery.queryKey, modelsQuery.queryKey];

export const useAddLettaServer = () =>
  useWrite(
    (body: AddLettaServer, idempotencyKey) =>
      api({ method: 'POST', path: '/api/letta-servers', body, answer: LettaServer, idempotencyKey }),
    refresh,
  );

export const useChangeLettaServer = (name: string) =>
  useWrite(
    (body: ChangeLettaServer, idempotencyKey) =>
      api({ method: 'PATCH', path: pathOf(name), body, answer: LettaServer, idempotencyKey }),
    refresh,
  );

export const useRemoveLettaServer = (name: string) =>
  useWrite(
    (_: null, idempotencyKey) => api({ method: 'DELETE', path: pathOf(name), answer: LettaServer, idempotencyKey }),
    refresh,
  );

/** Examines values that are not saved. */
export const useExamineAddress = () =>
  useWrite((body: LettaAddress, idempotencyKey) =>
    api({ method: 'POST', path: '/api/letta-servers/doctor', body, answer: DoctorReport, idempotencyKey }),
  );

/** Examines a server as it is saved, with its token. */
export const useExamineServer = (name: string) =>
  useWrite(
    (_: null, idempotencyKey) =>
      api({ method: 'POST', path: `${pathOf(name)}/doctor`, answer: DoctorReport, idempotencyKey }),
    [lettaServersQuery.queryKey],
  );
