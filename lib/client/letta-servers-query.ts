import { queryOptions } from '@tanstack/react-query';
import { apiList } from './api';

export const lettaServersQuery = queryOptions({
  queryKey: ['live', 'letta-servers'],
  queryFn: ({ signal }) => apiList('/api/letta-servers', { later: (all) => all.LettaServer }, signal),
});
