'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs';
import { useMemo } from 'react';
import { usePageHead } from '@/components/shell/page-head';
import { Button } from '@/components/ui/button';
import { LoadFailed } from '@/components/ui/load-failed';
import { RowList } from '@/components/ui/row-list';
import { SearchField } from '@/components/ui/search-field';
import { Segmented } from '@/components/ui/segmented';
import { LoadingRows } from '@/components/ui/skeleton';
import { ToolsBar } from '@/components/ui/tools-bar';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import { useMay } from '@/lib/client/caller';
import { conversationsQuery } from '@/lib/client/queries';
import { useLiveFleet } from '@/lib/client/task-live';
import type { Task } from '@/lib/protocol/task';
import { FleetFoot, FleetNumbers } from './fleet-numbers';
import { type FleetFilter, filterFleet, fleetFilters, fleetRows, type Grouping, groupings } from './fleet-rows';
import { NewTaskForm } from './new-task-form';
import { GroupRow, TaskRow, taskColumns } from './task-row';

const filterLabels: Record<FleetFilter, string> = {
  all: 'All',
  need: 'Need somebody',
  running: 'Running',
  silent: 'Silent',
  done: 'Done',
};
const groupingLabels: Record<Grouping, string> = { principal: 'Principal', state: 'State', none: 'Nothing' };

const views = ['list', 'numbers'] as const;
const none: readonly Task[] = [];

/** Every task of every principal; what is shown stands in the address. */
export function Fleet() {
  const tasks = useLiveFleet();
  const [filter, setFilter] = useQueryState('show', parseAsStringLiteral(fleetFilters).withDefault('all'));
  const [grouping, setGrouping] = useQueryState('group', parseAsStringLiteral(groupings).withDefault('principal'));
  const [text, setText] = useQueryState('q', parseAsString.withDefault('').withOptions({ throttleMs: 200 }));
  const [creating, setCreating] = useQueryState('new', parseAsBoolean.withDefault(false));
  const [view, setView] = useQueryState('view', parseAsStringLiteral(views).withDefault('list'));
  const mayCreate = useMay('operator');
  const items = tasks.data?.items ?? none;
  const shown = useMemo(() => filterFleet(items, filter, text), [items, filter, text]);
  usePageHead({});
  useShortcuts('Tasks', mayCreate ? [{ keys: 'n', label: 'New task', run: () => void setCreating(true) }] : []);
  return (
    <>
      <ToolsBar
        end={
          mayCreate && (
            <Button variant="primary" icon={Plus} keys="n" onClick={() => void setCreating(true)}>
              New task
            </Button>
          )
        }
      >
        <Segmented
          label="Show"
          value={filter}
          onChange={(next) => void setFilter(next === 'all' ? null : next)}
          segments={fleetFilters.map((value) => ({
            value,
            label: filterLabels[value],
            count: tasks.data && filterFleet(items, value, '').length,
          }))}
        />
        <SearchField
          group="Tasks"
          label="Filter tasks"
          placeholder="Filter by command, agent, milestone"
          value={text}
          onChange={(next) => void setText(next || null)}
        />
        <span aria-hidden="true" className="text-meta text-text-2 max-wide:hidden">
          Group by
        </span>
        <Segmented
          label="Group by"
          value={grouping}
          onChange={(next) => void setGrouping(next === 'principal' ? null : next)}
          segments={groupings.map((value) => ({ value, label: groupingLabels[value] }))}
          className="max-desk:hidden"
        />
        <Segmented
          label="View"
          value={view}
          onChange={(next) => void setView(next === 'list' ? null : next)}
          segments={[
            { value: 'list', label: 'List' },
            { value: 'numbers', label: 'Numbers' },
          ]}
        />
      </ToolsBar>
      {view === 'numbers' ? <FleetNumbers /> : <ListHead />}
      {view === 'list' && (
        <div className="flex min-h-0 flex-1 flex-col bg-surface">
          {tasks.isPending && <LoadingRows rows={6} rowClass="h-11" what="tasks" />}
          {tasks.isError && !tasks.data && (
            <LoadFailed
              what="The tasks"
              error={tasks.error}
              busy={tasks.isFetching}
              onRetry={() => void tasks.refetch()}
            />
          )}
          {tasks.data && shown.length === 0 && (
            <NoneShown
              any={items.length > 0}
              onShowAll={() => {
                void setFilter(null);
                void setText(null);
              }}
            />
          )}
          {shown.length > 0 && <Rows tasks={shown} grouping={grouping} />}
          {tasks.data?.more && (
            <p className="flex-none border-line-strong border-t px-4 py-1.5 text-meta text-text-2">
              The newest 10,000 are listed.
            </p>
          )}
        </div>
      )}
      <FleetFoot count={items.length} />
      {mayCreate && creating && <NewTaskForm onClose={() => void setCreating(null)} />}
    </>
  );
}

function Rows({ tasks, grouping }: { tasks: readonly Task[]; grouping: Grouping }) {
  const conversations = useQuery(conversationsQuery).data?.items ?? [];
  const rows = useMemo(() => fleetRows(tasks, grouping), [tasks, grouping]);
  return (
    <RowList label="Tasks" items={rows} keyOf={(row) => row.key} rowHeight={45}>
      {(row) =>
        row.kind === 'group' ? (
          <GroupRow row={row} conversations={conversations} />
        ) : (
          <TaskRow task={row.task} depth={row.depth} />
        )
      }
    </RowList>
  );
}

const ListHead = () => (
  <div
    aria-hidden="true"
    className={`hidden h-7 flex-none items-center border-line-strong border-b px-4 font-control text-meta text-text-2 desk:grid ${taskColumns}`}
  >
    <span>Task</span>
    <span>State</span>
    <span>Progress</span>
    <span>Last action</span>
    <span className="text-right">Last word</span>
    <span>Pauses</span>
    <span className="text-right">Elapsed</span>
  </div>
);

const NoneShown = ({ any, onShowAll }: { any: boolean; onShowAll: () => void }) => (
  <div className="px-4 py-5">
    <p className="font-name">{any ? 'None of the tasks is like that' : 'No task yet'}</p>
    <p className="mt-0.5 mb-3 text-pretty text-text-2">
      {any
        ? 'The filter leaves none over.'
        : 'A task is work that an agent does for a principal and reports about. Make one, and give its agent a key: what it says, and when it falls silent, shows here.'}
    </p>
    {any && (
      <Button size="small" onClick={onShowAll}>
        Show all
      </Button>
    )}
  </div>
);
