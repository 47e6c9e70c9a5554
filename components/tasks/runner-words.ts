import type { TaskRunner } from '@/lib/protocol/task';

/** What carries a task out, in words. */
export const runnerWords: Record<TaskRunner, { short: string; detail: string }> = {
  external: {
    short: 'reports by itself',
    detail: 'An agent of yours reports over REST or Socket.IO with a key of its own.',
  },
  simulated: { short: 'simulated', detail: 'Parley plays the agent: real reports of work that nobody does.' },
  'claude-code': { short: 'Claude Code', detail: 'Claude Code carries it out on this machine.' },
  acp: { short: 'ACP', detail: 'An agent that speaks the Agent Client Protocol.' },
};
