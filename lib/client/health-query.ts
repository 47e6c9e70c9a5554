import { queryOptions } from '@tanstack/react-query';
import { api } from './api';

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) =>
    api({ path: '/api/health', answer: { later: (all) => all.Health }, alsoAnswers: 503, signal }),
});
