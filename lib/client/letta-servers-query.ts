import { queryOptions } from '@tanstack/react-query';
import { LettaServer } from '@/lib/protocol/letta-server';
import { apiList } from './api';

export const lettaServersQuery = queryOptions({
  queryKey: ['live', 'letta-servers'],
  queryFn: ({ signal }) => apiList('/api/letta-servers', LettaServer, signal),
});
