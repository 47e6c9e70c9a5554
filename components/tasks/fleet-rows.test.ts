import { describe, expect, test } from 'vitest';
import { sampleTaskId as id, sampleTask } from '@/lib/testing/sample-task';
import { filterFleet, fleetRows, isSettled } from './fleet-rows';

const alice = { kind: 'agent' as const, id: 'agent-1', name: 'Alice' };
const jonas = { kind: 'person' as const, id: 'jonas', name: 'Jonas' };

describe('the fleet', () => {
  test('groups by principal, counts who needs somebody, and puts sub-tasks below theirs', () => {
    const tasks = [
      sampleTask({ id: id(3), principal: jonas, state: 'FAILED' }),
      sampleTask({ id: id(2), parentTaskId: id(1), principal: alice }),
      sampleTask({ id: id(1), principal: alice, state: 'PROBING' }),
    ];
    expect(
      fleetRows(tasks, 'principal').map((row) =>
        row.kind === 'group'
          ? [row.group.name, row.count, row.need, row.failed]
          : row.kind === 'task' && [row.task.id, row.depth],
      ),
    ).toEqual([
      ['Jonas', 1, 0, 1],
      [id(3), 0],
      ['Alice', 2, 1, 0],
      [id(1), 0],
      [id(2), 1],
    ]);
  });

  test('a sub-task whose parent is not listed stands by itself, and a circle loses nobody', () => {
    const tasks = [
      sampleTask({ id: id(1), parentTaskId: id(2) }),
      sampleTask({ id: id(2), parentTaskId: id(1) }),
      sampleTask({ id: id(3), parentTaskId: id(9) }),
    ];
    const found = fleetRows(tasks, 'none').flatMap((row) => (row.kind === 'task' ? [row.task.id] : []));
    expect(found.toSorted()).toEqual([id(1), id(2), id(3)]);
  });

  test('[TK44] what was cancelled or ended a day ago is folded away at the end of its group, until somebody opens it', () => {
    const now = Date.parse('2026-11-21T12:00:00.000Z');
    const ended = (hours: number) => new Date(now - hours * 3_600_000).toISOString();
    const tasks = [
      sampleTask({ id: id(1), principal: alice, state: 'CANCELLED', endedAt: ended(0) }),
      sampleTask({ id: id(2), principal: alice, state: 'SUCCESS', endedAt: ended(25) }),
      sampleTask({ id: id(3), principal: alice, parentTaskId: id(2) }),
      sampleTask({ id: id(4), principal: alice, state: 'FAILED', endedAt: ended(23) }),
      sampleTask({ id: id(5), principal: alice, state: 'FAILED', endedAt: ended(25) }),
    ];
    const shown = (opened: string[], grouping: 'principal' | 'state' = 'principal') =>
      fleetRows(tasks, grouping, { isSettled: (task) => isSettled(task, now), opened: new Set(opened) }).map((row) =>
        row.kind === 'task' ? row.key : `${row.kind} ${row.count}`,
      );
    expect(shown([])).toEqual(['group 5', id(2), id(3), id(4), 'fold 2']);
    expect(shown(['over agent agent-1'])).toEqual(['group 5', id(2), id(3), id(4), 'fold 2', id(1), id(5)]);
    expect(shown([], 'state').some((row) => row.startsWith('fold'))).toBe(false);
  });

  test('filters by what a task needs, and by every word', () => {
    const tasks = [
      sampleTask({ id: id(1), command: '/index docs' }),
      sampleTask({ id: id(2), silence: { forMs: 34_000, since: null, phase: 'late', nextAt: null } }),
      sampleTask({ id: id(3), state: 'SUCCESS', silence: { forMs: 0, since: null, phase: 'late', nextAt: null } }),
    ];
    const idsOf = (filter: Parameters<typeof filterFleet>[1], text = '') =>
      filterFleet(tasks, filter, text).map((task) => task.id);
    expect(idsOf('silent')).toEqual([id(2)]);
    expect(idsOf('done')).toEqual([id(3)]);
    expect(idsOf('running')).toEqual([id(1), id(2)]);
    expect(idsOf('all', 'DOCS index')).toEqual([id(1)]);
  });

  test('ten thousand tasks are put into rows at once', () => {
    const tasks = Array.from({ length: 10_000 }, (_, index) =>
      sampleTask({ id: id(index), parentTaskId: index % 3 === 0 ? null : id(index - 1) }),
    );
    expect(fleetRows(tasks, 'principal')).toHaveLength(10_001);
  });
});
