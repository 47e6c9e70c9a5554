import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { MetricSeriesList } from '@/lib/protocol/metrics';
import { pageOf } from '@/lib/protocol/page';
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

/** Their streams are their own: relatives of a task are asked for again and again while it is looked at. */
const RELATIVES_REFRESH_MS = 5_000;
const PARTS_MAX = 50;

export const parentQuery = (taskId: string) =>
  queryOptions({ ...taskQuery(taskId), refetchInterval: RELATIVES_REFRESH_MS });

/** The newest parts of a task. */
export const partsQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['live', 'task-parts', taskId],
    queryFn: ({ signal }) =>
      api({ path: '/api/tasks', query: { parent: taskId, limit: PARTS_MAX }, answer: pageOf(Task), signal }),
    refetchInterval: RELATIVES_REFRESH_MS,
  });

export const complianceQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['live', 'task-compliance', taskId],
    queryFn: ({ signal }) => api({ path: `${taskPath(taskId)}/compliance`, answer: TaskCompliance, signal }),
  });

/** What figures are narrowed to: one task, one agent by its own name, one principal's tasks. */
export type MetricsOf = { task?: string; agent?: string; principal?: string };

/** The four series, of everything or of one of these; with `points: 0` their figures only, which are all that lists show. */
export const metricsQuery = (of: MetricsOf & { points?: 0 } = {}) =>
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
