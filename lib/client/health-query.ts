import { queryOptions } from '@tanstack/react-query';
import { Health } from '@/lib/protocol/health';
import { api } from './api';

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => api({ path: '/api/health', answer: Health, alsoAnswers: 503, signal }),
});
