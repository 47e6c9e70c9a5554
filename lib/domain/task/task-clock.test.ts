import { describe, expect, test } from 'vitest';
import { ana, createTaskWorld, type TaskWorld } from '@/lib/testing/task-world';

const clocked = (world: TaskWorld) =>
  world.facts
    .filter(({ type }) => /late|probed|failed|recover|taken_over|ended/.test(type))
    .map(({ type, receivedAt }) => [type.slice('task.'.length), Date.parse(receivedAt)] as const);
const since = (world: TaskWorld, begin: number) => clocked(world).map(([type, at]) => [type, (at - begin) / 1_000]);

const begun = (options: Parameters<typeof createTaskWorld>[0] = {}) => {
  const world = createTaskWorld(options);
  world.pass(3_600_000);
  world.report('INITIALIZATION');
  return world;
};

describe('the clock', () => {
  test('[CK1] begins with INITIALIZATION: before it nobody is late', () => {
    const world = createTaskWorld();
    world.pass(86_400_000);
    expect(world.types()).toEqual(['task.created']);
  });

  test('[CK2] 30 s late, 60 s asked, 90 s failed, tries after 1, 3 and 5 s, and 10 s after the failure a person', () => {
    const world = begun();
    const begin = world.nowMs();
    world.pass(600_000);
    expect(since(world, begin)).toEqual([
      ['late', 30],
      ['probed', 60],
      ['assumed_failed', 90],
      ['recovering', 91],
      ['recovering', 94],
      ['recovering', 99],
      ['taken_over', 100],
    ]);
    expect(world.task()).toMatchObject({ state: 'TAKEN_OVER', holder: null, phase: 'failed' });
  });

  test('[CK2] a step that comes a little late does not put off the question', () => {
    const world = begun();
    const begin = world.nowMs();
    world.pass(70_000, { late: 400 });
    expect(since(world, begin)).toEqual([
      ['late', 30.4],
      ['probed', 60.4],
    ]);
  });

  test('[CK3] an agent as principal takes over itself, with the checkpoint and what was reached', () => {
    const principal = { kind: 'agent', id: 'agent-1', name: 'Alice' } as const;
    const world = begun({ principal });
    world.report('MILESTONE_COMPLETED', { evidence: 'a file', handoff_data: { files: 1 } });
    world.pass(600_000);
    expect(world.task().holder).toEqual(principal);
    const taken = world.facts.at(-1);
    expect(taken).toMatchObject({
      type: 'task.taken_over',
      payload: {
        why: 'recovery_failed',
        checkpoint: { milestone: 'one', handoff_data: { files: 1 } },
        evidence: ['a file'],
      },
    });
  });

  test('[CK4] each word begins the whole clock anew, whatever step it had reached', () => {
    for (const silence of [29_999, 30_001, 59_999, 60_001, 89_999, 90_001, 91_500, 99_500]) {
      const world = begun();
      world.pass(silence);
      expect(world.report('PROGRESS_UPDATE').kind, String(silence)).toBe('accepted');
      expect(world.task()).toMatchObject({ state: 'RUNNING', phase: 'fresh', attempt: 0 });
      expect(world.dueMs()).toBe(world.nowMs() + 30_000);
    }
  });

  test('[CK4] after a failure its return is told, with how long it took', () => {
    const world = begun();
    world.pass(92_500);
    world.report('PROGRESS_UPDATE');
    expect(world.facts).toContainEqual(
      expect.objectContaining({ type: 'task.recovered', payload: { attempt: 1, afterMs: 2_500, by: 'report' } }),
    );
  });

  test('[CK5] a try goes to the agent with its checkpoint, and a new agent may take its place', () => {
    const world = begun();
    world.report('MILESTONE_COMPLETED');
    world.pass(91_000);
    expect(world.open().at(-1)?.message).toMatchObject({
      type: 'x-CONTROL',
      action: 'RETRY',
      checkpoint: { milestone: 'one' },
    });
    expect(world.report('PROGRESS_UPDATE', { agent_id: 'b' })).toMatchObject({
      kind: 'declined',
      code: 'auth.forbidden',
    });
    expect(world.report('INITIALIZATION', { agent_id: 'b' }).kind).toBe('accepted');
    expect(world.task()).toMatchObject({ state: 'INITIALIZING', agentId: 'b' });
  });

  test('[CK5] one that is told to begin again while it is well has the time that it always has', () => {
    const world = begun();
    world.pass(10_000);
    world.control('RETRY');
    world.pass(29_000);
    expect(world.task()).toMatchObject({ state: 'RECOVERING', holder: null });
    expect(world.report('PROGRESS_UPDATE').kind).toBe('accepted');
    expect(world.task()).toMatchObject({ state: 'RUNNING', phase: 'fresh' });
    expect(world.types()).not.toContain('task.recovered');
    world.control('RETRY');
    const again = world.nowMs();
    world.pass(120_000);
    expect(world.task().state).toBe('TAKEN_OVER');
    expect(since(world, again).map(([type]) => type)).toEqual(
      expect.arrayContaining(['late', 'probed', 'assumed_failed', 'recovering', 'taken_over']),
    );
  });

  test('[CK6] waiting stops the clock; going on begins it anew', () => {
    for (const wait of [
      (world: TaskWorld) => world.control('PAUSE'),
      (world: TaskWorld) => world.report('ERROR_REPORT', { blocking: true }),
    ]) {
      const world = begun();
      wait(world);
      world.pass(86_400_000);
      expect(world.task().state).toBe('WAITING');
      expect(world.types()).not.toContain('task.late');
      world.control('CONTINUE');
      world.pass(30_000);
      expect(world.types().at(-1)).toBe('task.late');
    }
  });

  test('[CK7] life without a word puts off the question, not the lateness', () => {
    const world = begun();
    const begin = world.nowMs();
    world.pass(25_000);
    world.ping();
    world.pass(35_000);
    expect(since(world, begin)).toEqual([['late', 30]]);
    world.pass(25_000);
    expect(since(world, begin)).toEqual([
      ['late', 30],
      ['probed', 85],
    ]);
  });

  test('[CK8] silence after a completion ends the task with its outcome: the work is done', () => {
    const world = begun();
    world.report('COMPLETION');
    world.pass(86_400_000);
    expect(world.task().state).toBe('SUCCESS');
    expect(world.facts.at(-1)).toMatchObject({ payload: { why: 'agent_gone_after_completion' } });
  });

  test('[CK9] an agent that does not decide about a handoff in time leaves it to the policy', () => {
    const principal = { kind: 'agent', id: 'agent-1', name: 'Alice' } as const;
    const world = begun({ principal, handoffPolicy: 'ask' });
    world.report('COMPLETION');
    world.report('HANDOFF_REQUEST');
    expect(world.task().state).toBe('HANDOFF_PENDING');
    world.pass(30_000);
    expect(world.task().state).toBe('SUCCESS');
    const person = begun({ principal: ana, handoffPolicy: 'ask' });
    person.report('COMPLETION');
    person.report('HANDOFF_REQUEST');
    person.pass(86_400_000);
    expect(person.task().state).toBe('HANDOFF_PENDING');
  });

  test('[CK9] asking for the handoff again gives the principal no more time', () => {
    const principal = { kind: 'agent', id: 'agent-1', name: 'Alice' } as const;
    const world = begun({ principal, handoffPolicy: 'ask' });
    world.report('COMPLETION');
    for (let second = 0; second < 30; second += 10) {
      world.report('HANDOFF_REQUEST');
      world.pass(10_000);
    }
    expect(world.task().state).toBe('SUCCESS');
  });

  test('[CK10] a clock of one’s own counts for its task', () => {
    const world = begun({ clocks: { updateEveryMs: 1_000, silenceMs: 2_000, graceMs: 500, recoveryDelaysMs: [100] } });
    const begin = world.nowMs();
    world.pass(60_000);
    expect(since(world, begin)).toEqual([
      ['late', 1],
      ['probed', 2],
      ['assumed_failed', 2.5],
      ['recovering', 2.6],
      ['taken_over', 2.7],
    ]);
  });

  test('[CK11] a wall clock that steps an hour, either way, makes no step of this one longer than it is', () => {
    for (const step of [3_600_000, -3_600_000]) {
      const world = begun();
      world.passUnwatched(step);
      world.fire();
      expect(world.types().at(-1)).toBe('task.late');
      const left = (world.dueMs() ?? 0) - world.nowMs();
      expect(left).toBeGreaterThanOrEqual(30_000);
      expect(left).toBeLessThanOrEqual(60_000);
    }
  });
});
