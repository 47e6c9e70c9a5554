import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { TalkFigures } from '@/lib/protocol/talk-figures';
import { api } from './api';

const TALK_REFRESH_MS = 5_000;

/** Who talks to whom, of the newest messages. */
export const talkQuery = queryOptions({
  queryKey: ['live', 'talk'],
  queryFn: ({ signal }) => api({ path: '/api/metrics/talk', answer: TalkFigures, signal }),
  refetchInterval: TALK_REFRESH_MS,
  placeholderData: keepPreviousData,
});
