import { expect } from 'vitest';
import { z } from 'zod';
import { WireEntry } from '@/lib/protocol/entry';
import { Task } from '@/lib/protocol/task';
import type { ServedApi } from './served-api';
import { program, type Visitor } from './visitor';

/** What principals and agents ask of tasks over HTTP, and what a test asks of them. */
export function taskDesk(api: () => ServedApi) {
  const events = async ({ id }: Task): Promise<WireEntry[]> => {
    const { body } = await api().by.viewer.ask('GET', `/api/tasks/${id}/events?limit=500`);
    return z.array(WireEntry).parse(body['items']);
  };
  return {
    makeTask: async (more: object = {}): Promise<Task> => {
      const made = await api().by.operator.ask('POST', '/api/tasks', { command: '/sync-claude-md', ...more });
      expect(made.status, JSON.stringify(made.body)).toBe(201);
      return Task.parse(made.body);
    },
    /** An agent that has a key with these bounds. */
    keyFor: async (bound: object): Promise<Visitor> => {
      const { body } = await api().by.admin.ask('POST', '/api/keys', { name: 'an agent', audience: 'agent', ...bound });
      return program(api().url, String(body['key']));
    },
    report: ({ id }: Task, message: unknown, by: Visitor = api().by.operator, headers = {}) =>
      by.ask('POST', `/api/tasks/${id}/reports`, message, headers),
    control: ({ id }: Task, body: object, by: Visitor = api().by.reviewer) =>
      by.ask('POST', `/api/tasks/${id}/control`, body),
    read: async ({ id }: Task): Promise<Task> =>
      Task.parse((await api().by.viewer.ask('GET', `/api/tasks/${id}`)).body),
    events,
    types: async (task: Task): Promise<string[]> => (await events(task)).map(({ type }) => type),
  };
}

/** A message of the seed at another moment, so that it is another message. */
export const minutesLater = (message: object, minute: number): object => ({
  ...message,
  timestamp: `2025-07-15T20:${String(minute).padStart(2, '0')}:00Z`,
});
