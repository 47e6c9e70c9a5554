import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { ApiError, newIdempotencyKey } from './api';

/**
 * A write as a mutation. When no answer came, trying the same again carries the same idempotency key, so that nothing is
 * done twice; any answer, also a refusal, ends that. `refresh` names the queries that are fetched again afterwards.
 */
export function useWrite<Input, Output>(
  send: (input: Input, idempotencyKey: string) => Promise<Output>,
  refresh: readonly QueryKey[] = [],
) {
  const queryClient = useQueryClient();
  const unanswered = useRef<{ input: string; key: string } | null>(null);
  return useMutation<Output, Error, Input>({
    mutationFn: (input) => {
      const text = JSON.stringify(input) ?? '';
      if (unanswered.current?.input !== text) unanswered.current = { input: text, key: newIdempotencyKey() };
      return send(input, unanswered.current.key);
    },
    onSuccess: async () => {
      unanswered.current = null;
      await Promise.all(refresh.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
    },
    onError: (error) => {
      if (!(error instanceof ApiError && error.code === 'network')) unanswered.current = null;
    },
  });
}
