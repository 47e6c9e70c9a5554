'use client';

import '@/lib/client/schemas-at-hand';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { usePageHead } from '@/components/shell/page-head';
import { Button } from '@/components/ui/button';
import { lazyModule } from '@/components/ui/lazy-module';
import { LazyPart } from '@/components/ui/lazy-part';
import { ListBody } from '@/components/ui/list-body';
import { ListHead } from '@/components/ui/list-head';
import { NothingListed } from '@/components/ui/nothing-listed';
import { useHour } from '@/components/ui/relative-time';
import { RowList } from '@/components/ui/row-list';
import { SearchField } from '@/components/ui/search-field';
import { Segmented } from '@/components/ui/segmented';
import { LoadingRows } from '@/components/ui/skeleton';
import { ToolsBar } from '@/components/ui/tools-bar';
import { useChoiceInAddress, useFlagInAddress, useTextInAddress } from '@/components/ui/use-in-address';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import { useMay } from '@/lib/client/caller';
import { conversationsQuery } from '@/lib/client/conversation-queries';
import { useLiveFleet } from '@/lib/client/task-live';
import type { Task } from '@/lib/protocol/task';
import { FleetFoot } from './fleet-foot';
import {
  countFleet,
  type FleetFilter,
  filterFleet,
  fleetFilters,
  fleetRows,
  type Grouping,
  groupings,
  isSettled,
} from './fleet-rows';
import { FoldRow, GroupRow, TaskRow, taskColumns } from './task-row';

const filterLabels: Record<FleetFilter, string> = {
  all: 'All',
  need: 'Need somebody',
  running: 'Running',
  silent: 'Silent',
  done: 'Done',
};
const groupingLabels: Record<Grouping, string> = { principal: 'Principal', state: 'State', none: 'Nothing' };

const newTaskForm = lazyModule(() => import('./new-task-form'));
const fleetNumbers = lazyModule(() => import('./fleet-numbers'));

const views = ['list', 'numbers'] as const;
const none: readonly Task[] = [];

/** Every task of every principal; what is shown stands in the address. */
export function Fleet() {
  const tasks = useLiveFleet();
  const [filter, setFilter] = useChoiceInAddress('show', fleetFilters, 'all');
  const [grouping, setGrouping] = useChoiceInAddress('group', groupings, 'principal');
  const [text, setText] = useTextInAddress('q');
  const [creating, setCreating] = useFlagInAddress('new');
  const [view, setView] = useChoiceInAddress('view', views, 'list');
  const mayCreate = useMay('operator');
  const items = tasks.data?.items ?? none;
  const shown = useMemo(() => filterFleet(items, filter, text), [items, filter, text]);
  const counts = useMemo(() => countFleet(items), [items]);
  usePageHead({});
  useShortcuts('Tasks', mayCreate ? [{ keys: 'n', label: 'New task', run: () => setCreating(true) }] : []);
  return (
    <>
      <ToolsBar
        end={
          mayCreate && (
            <Button variant="primary" icon={Plus} keys="n" onClick={() => setCreating(true)}>
              New task
            </Button>
          )
        }
      >
        {view === 'list' && (
          <>
            <Segmented
              label="Show"
              value={filter}
              onChange={setFilter}
              segments={fleetFilters.map((value) => ({
                value,
                label: filterLabels[value],
                count: tasks.data && counts[value],
              }))}
            />
            <SearchField
              group="Tasks"
              label="Filter tasks"
              placeholder="Filter by command, agent, milestone"
              value={text}
              onChange={setText}
            />
            <span aria-hidden="true" className="text-meta text-text-2 max-wide:hidden">
              Group by
            </span>
            <Segmented
              label="Group by"
              value={grouping}
              onChange={setGrouping}
              segments={groupings.map((value) => ({ value, label: groupingLabels[value] }))}
              className="max-desk:hidden"
            />
          </>
        )}
        <Segmented
          label="View"
          value={view}
          onChange={setView}
          segments={[
            { value: 'list', label: 'List' },
            { value: 'numbers', label: 'Numbers' },
          ]}
        />
      </ToolsBar>
      {view === 'list' && (
        <ListHead
          columns={taskColumns}
          names={['Task', 'State', 'Progress', 'Last action', 'Last word', 'Pauses', 'Elapsed']}
          end={['Last word', 'Elapsed']}
          wide={['Pauses']}
        />
      )}
      <LazyPart
        part={fleetNumbers}
        when={view === 'numbers'}
        onFailure={() => setView('list')}
        fallback={<LoadingRows rows={4} rowClass="h-32" what="figures" />}
      >
        {({ FleetNumbers }) => <FleetNumbers tasks={items} />}
      </LazyPart>
      {view === 'list' && (
        <ListBody
          what="tasks"
          query={tasks}
          count={shown.length}
          moreText="The newest 10,000 are listed."
          empty={
            <NoneShown
              any={items.length > 0}
              onShowAll={() => {
                setFilter('all');
                setText('');
              }}
            />
          }
        >
          <Rows tasks={shown} grouping={grouping} folds={filter === 'all' && text === ''} />
        </ListBody>
      )}
      <FleetFoot count={tasks.data ? items.length : null} />
      <LazyPart part={newTaskForm} when={mayCreate && creating} onFailure={() => setCreating(false)}>
        {({ NewTaskForm }) => <NewTaskForm onClose={() => setCreating(false)} />}
      </LazyPart>
    </>
  );
}

type RowsProps = { tasks: readonly Task[]; grouping: Grouping; folds: boolean };

/** `folds`: what nobody looks for any more is put away. */
function Rows({ tasks, grouping, folds }: RowsProps) {
  const conversations = useQuery(conversationsQuery).data?.items ?? [];
  const hour = useHour();
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => {
    const now = hour ?? 0;
    return fleetRows(tasks, grouping, folds ? { isSettled: (task) => isSettled(task, now), opened } : null);
  }, [tasks, grouping, folds, hour, opened]);
  const toggle = (key: string) =>
    setOpened((known) => (known.has(key) ? without(known, key) : new Set([...known, key])));
  return (
    <RowList label="Tasks" items={rows} keyOf={(row) => row.key} rowHeight={45}>
      {(row) => {
        if (row.kind === 'task') return <TaskRow task={row.task} depth={row.depth} />;
        if (row.kind === 'group') return <GroupRow row={row} conversations={conversations} />;
        return <FoldRow row={row} onToggle={() => toggle(row.key)} />;
      }}
    </RowList>
  );
}

const without = (known: ReadonlySet<string>, key: string) => new Set([...known].filter((each) => each !== key));

const NoneShown = ({ any, onShowAll }: { any: boolean; onShowAll: () => void }) => (
  <NothingListed title={any ? 'None of the tasks is like that' : 'No task yet'} onShowAll={any ? onShowAll : undefined}>
    {any
      ? 'The filter leaves none over.'
      : 'A task is work that an agent does for a principal and reports about. Make one, and give its agent a key: what it says, and when it falls silent, shows here.'}
  </NothingListed>
);
