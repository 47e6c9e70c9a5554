import { expect, test } from 'vitest';
import { sampleTaskId as id, sampleTask } from '@/lib/testing/sample-task';
import { liveTasks } from './live-tasks';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();

test('what needs somebody comes first, then what runs, then what ended in the last quarter of an hour', () => {
  const all = [
    sampleTask({ id: id(1), state: 'SUCCESS', createdAt: ago(60), endedAt: ago(16) }),
    sampleTask({ id: id(2), state: 'FAILED', createdAt: ago(30), endedAt: ago(14) }),
    sampleTask({ id: id(3), state: 'RUNNING', createdAt: ago(20) }),
    sampleTask({ id: id(4), state: 'WAITING', createdAt: ago(50) }),
    sampleTask({ id: id(5), state: 'RUNNING', createdAt: ago(1) }),
  ];
  expect(liveTasks(all, NOW).map((task) => task.id)).toEqual([id(4), id(5), id(3), id(2)]);
});
