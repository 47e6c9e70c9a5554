import { type MutateOptions, type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import { ApiError, newIdempotencyKey } from './api';

/** `onSuccess` and `onSettled` are for the part that wrote and end with it; `onError` is told in any case. */
type Told<Input, Output> = Omit<MutateOptions<Output, Error, Input>, 'onError'> & {
  onError?: (error: Error) => unknown;
};

/**
 * A write as a mutation. When no answer came, trying the same again carries the same idempotency key, so that nothing is
 * done twice; any answer, also a refusal, ends that. `refresh` names the queries that are fetched again afterwards.
 * A refusal is told even where the part that wrote is gone: the stream may be faster and take it off the screen.
 */
export function useWrite<Input, Output>(
  send: (input: Input, idempotencyKey: string) => Promise<Output>,
  refresh: readonly QueryKey[] = [],
) {
  const queryClient = useQueryClient();
  const unanswered = useRef<{ input: string; key: string } | null>(null);
  const mutation = useMutation<Output, Error, Input>({
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
  const { mutateAsync } = mutation;
  const mutate = useCallback(
    (input: Input, { onError, ...here }: Told<Input, Output> = {}) =>
      void mutateAsync(input, here).catch((error: Error) => onError?.(error)),
    [mutateAsync],
  );
  return { ...mutation, mutate };
}
