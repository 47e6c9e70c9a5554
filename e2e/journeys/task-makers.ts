import type { Api } from '@/e2e/program/api';
import { Task } from '@/lib/protocol/task';
import { seedReports } from '@/lib/testing/seed-reports';

/** A task whose agent is the test. */
export type Reporter = { id: string; report(message: object): Promise<void> };

/** Makes a task and reports about it as its agent would. */
export async function makeTask(api: Api, command: string, more: object = {}): Promise<Reporter> {
  const { id } = Task.parse(await api.ask({ method: 'POST', path: '/api/tasks', body: { command, ...more } }));
  return {
    id,
    report: async (message) => {
      await api.ask({ method: 'POST', path: `/api/tasks/${id}/reports`, body: message });
    },
  };
}

const [introduction, progress, milestone, error, completion, handoff] = seedReports;
/** The six messages of the seed by what they are. */
export const seed = { introduction, progress, milestone, error, completion, handoff } as const;

/** One task that ran through, one that stands at an error, one that was refused something, one that waits for its agent. */
export async function makeAllKindsOfTasks(api: Api): Promise<void> {
  const through = await makeTask(api, '/sync-claude-md', { purpose: 'Keep the registry true', priority: 'High' });
  for (const message of seedReports) await through.report(message);
  const standing = await makeTask(api, '/stands-at-an-error');
  for (const message of [seed.introduction, seed.progress, seed.error]) await standing.report(message);
  const wrong = { ...seed.progress, progress_percentage: 145 };
  await api.send({ method: 'POST', path: `/api/tasks/${standing.id}/reports`, body: wrong });
  await api.ask({
    method: 'POST',
    path: `/api/tasks/${standing.id}/instructions`,
    body: { content: 'Keep the old order of sections, please.' },
  });
  await makeTask(api, '/waits-for-its-agent', { milestones: ['Read', 'Write'] });
}
