import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { pageOf } from '@/lib/protocol/page';
import { fleetStream, taskStream } from '@/lib/protocol/stream';
import { WireEntry } from '@/lib/protocol/wire-entry';
import { api } from './api';
import type { LiveView } from './live-cache';
import { useConnection } from './live-connection';
import { useInvalidation, useLiveView } from './live-view';
import { BEYOND_ALL } from './newest-entries';
import { complianceQuery, taskPath, taskQuery, tasksQuery } from './task-queries';

/** The fleet, live: the stream tells how single tasks stand (task-summaries.ts). */
export function useLiveFleet() {
  const queryClient = useQueryClient();
  const { state } = useConnection();
  const begins = useRef(state !== 'live');
  // What happened while nothing was heard is not told again.
  useEffect(() => {
    if (state !== 'live') return;
    if (!begins.current) void queryClient.invalidateQueries({ queryKey: tasksQuery.queryKey });
    begins.current = false;
  }, [state, queryClient]);
  useInvalidation({ streams: [fleetStream], queryKeys: [tasksQuery.queryKey], when: () => false }); // but once as it begins
  return useQuery({ ...tasksQuery, staleTime: Number.POSITIVE_INFINITY });
}

const PAGE = 500;

const entriesBefore = (taskId: string, before: number, signal?: AbortSignal) =>
  api({
    path: `${taskPath(taskId)}/events`,
    query: { before, limit: PAGE },
    answer: pageOf(WireEntry),
    ...(signal ? { signal } : {}),
  });

type TaskEntries = LiveView<readonly WireEntry[]>;
const entriesKey = (taskId: string) => ['live', 'task-entries', taskId];

/** Puts one page of history before the entries of a task that are loaded; `mutate` takes the place of the first of them. */
export function useEarlierEntries(taskId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (first: number) => entriesBefore(taskId, first),
    onSuccess: ({ items }, first) => {
      queryClient.setQueryData<TaskEntries>(entriesKey(taskId), (known) =>
        known?.state[0]?.streamSeq === first ? { ...known, state: [...items, ...known.state] } : known,
      );
    },
  });
}

/** The entries of a task's stream from the newest page on, live: one more as soon as it is committed. */
export function useTaskEntries(taskId: string) {
  const stream = taskStream(taskId);
  const key = entriesKey(taskId);
  const load = async (signal: AbortSignal): Promise<TaskEntries> => {
    const { items } = await entriesBefore(taskId, BEYOND_ALL, signal);
    return { state: items, lastStreamSeq: items.at(-1)?.streamSeq ?? 0 };
  };
  const query = useLiveView<readonly WireEntry[]>({
    queryKey: key,
    stream,
    load,
    fold: (entries, entry) => [...entries, entry],
  });
  useInvalidation({ streams: [stream], queryKeys: [taskQuery(taskId).queryKey, complianceQuery(taskId).queryKey] });
  return query;
}
