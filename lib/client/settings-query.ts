import { queryOptions } from '@tanstack/react-query';
import { Settings } from '@/lib/protocol/settings';
import { api } from './api';

export const settingsQuery = queryOptions({
  queryKey: ['live', 'settings'],
  queryFn: ({ signal }) => api({ path: '/api/settings', answer: Settings, signal }),
});
