import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { MetricSeriesList } from '@/lib/protocol/metrics';
import { Task, TaskCompliance } from '@/lib/protocol/task';
import { api, apiList, apiText } from './api';

export const taskPath = (taskId: string) => `/api/tasks/${encodeURIComponent(taskId)}`;
const METRICS_REFRESH_MS = 5_000;
/** A fleet of 10,000. */
const PAGES = 20;

export const tasksQuery = queryOptions({
  queryKey: ['live', 'tasks'],
  queryFn: ({ signal }) => apiList('/api/tasks', Task, signal, PAGES),
});

export const taskQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['live', 'task', taskId],
    queryFn: ({ signal }) => api({ path: taskPath(taskId), answer: Task, signal }),
  });

export const complianceQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['live', 'task-compliance', taskId],
    queryFn: ({ signal }) => api({ path: `${taskPath(taskId)}/compliance`, answer: TaskCompliance, signal }),
  });

/** What figures are narrowed to: one task, one agent by its own name, one principal's tasks. */
export type MetricsOf = { task?: string; agent?: string; principal?: string };

/** The four series, of everything or of one of these. */
export const metricsQuery = (of: MetricsOf = {}) =>
  queryOptions({
    queryKey: ['live', 'metrics', of],
    queryFn: ({ signal }) => api({ path: '/api/metrics', query: of, answer: MetricSeriesList, signal }),
    refetchInterval: METRICS_REFRESH_MS,
    placeholderData: keepPreviousData,
  });

/** The displays of the seed as plain text; fetched when they are looked at. */
export const displayQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['live', 'task-display', taskId],
    queryFn: ({ signal }) => apiText(`${taskPath(taskId)}/display`, signal),
  });
