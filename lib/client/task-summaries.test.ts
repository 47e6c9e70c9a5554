import { expect, test } from 'vitest';
import { sampleTaskId as id, sampleTask } from '@/lib/testing/sample-task';
import { withTasks } from './task-summaries';

const before = [sampleTask({ id: id(2), streamSeq: 5 }), sampleTask({ id: id(1), streamSeq: 9 })];

test('what is told of tasks stands in their places, and new ones before them, newest first', () => {
  const list = withTasks(before, [
    sampleTask({ id: id(3), createdAt: '2026-11-21T12:00:00.000Z' }),
    sampleTask({ id: id(1), streamSeq: 10, state: 'WAITING' }),
    sampleTask({ id: id(4), createdAt: '2026-11-21T12:00:01.000Z' }),
  ]);
  expect(list.map((task) => [task.id, task.state])).toEqual([
    [id(4), 'RUNNING'],
    [id(3), 'RUNNING'],
    [id(2), 'RUNNING'],
    [id(1), 'WAITING'],
  ]);
});

test('what is older than what the page knows changes nothing', () => {
  expect(withTasks(before, [sampleTask({ id: id(1), streamSeq: 8, state: 'FAILED' })])).toEqual(before);
});
