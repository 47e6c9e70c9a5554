import { ApiKey, type CreateApiKey, CreatedApiKey } from '@/lib/protocol/api-key';
import { api } from './api';
import { keysQuery } from './people-queries';
import { useWrite } from './use-write';

const refresh = [keysQuery.queryKey];

/** Answers with the key's text, which is not shown again. */
export const useCreateKey = () =>
  useWrite(
    (body: CreateApiKey, idempotencyKey) =>
      api({ method: 'POST', path: '/api/keys', body, answer: CreatedApiKey, idempotencyKey }),
    refresh,
  );

export const useRevokeKey = () =>
  useWrite(
    (keyId: string, idempotencyKey) =>
      api({ method: 'DELETE', path: `/api/keys/${encodeURIComponent(keyId)}`, answer: ApiKey, idempotencyKey }),
    refresh,
  );
