import { describe, expect, test } from 'vitest';
import { createTaskWorld, type TaskWorld } from '@/lib/testing/task-world';
import { checkCompliance, type NumberedFact } from './check-compliance';

const check = (world: TaskWorld, rule: string, more: NumberedFact[] = []) =>
  checkCompliance([...world.facts, ...more]).checks.find((each) => each.rule === rule);
const seqOf = (world: TaskWorld, type: string) =>
  world.facts
    .filter((fact) => fact.type === 'task.report_accepted' && fact.payload.message.type === type)
    .map(({ seq }) => seq);
const observed = (seq: number, tool: string, files: string[] = []): NumberedFact => ({
  type: 'task.tool_observed',
  payload: { tool, files, detail: null },
  seq,
  streamSeq: seq,
  receivedAt: '2026-11-20T13:00:00.000Z',
});

/** A task that keeps every rule. */
function exemplary(): TaskWorld {
  const world = createTaskWorld();
  world.report('INITIALIZATION');
  world.pass(10_000);
  world.report('MILESTONE_COMPLETED');
  world.report('ERROR_REPORT', { recovery_action: 'another way' });
  world.report('COMPLETION');
  world.report('HANDOFF_REQUEST');
  return world;
}

describe('P56', () => {
  test('[CP1] announces itself within 5 s of its start: the first contact, or the creation with a runner of ours', () => {
    const ours = createTaskWorld({ runner: 'simulated' });
    ours.pass(6_000);
    ours.report('INITIALIZATION');
    expect(check(ours, 'CP1')).toMatchObject({
      value: 6_000,
      unit: 'ms',
      limit: 5_000,
      verdict: 'broken',
      entries: [1, 2],
    });
    const external = createTaskWorld();
    external.pass(3_600_000);
    external.report('INITIALIZATION');
    expect(check(external, 'CP1')).toMatchObject({ value: 0, verdict: 'held' });
    const hasty = createTaskWorld();
    hasty.report('PROGRESS_UPDATE');
    hasty.pass(7_000);
    hasty.report('INITIALIZATION');
    expect(check(hasty, 'CP1')).toMatchObject({ value: 7_000, verdict: 'broken' });
    expect(check(createTaskWorld(), 'CP1')).toMatchObject({ verdict: 'unknown', value: null });
  });

  test('[CP2] leaves no longer pause than the task’s own clock has; waiting is none', () => {
    const world = createTaskWorld({ clocks: { updateEveryMs: 10_000 } });
    world.report('INITIALIZATION');
    world.pass(9_000);
    world.report('PROGRESS_UPDATE');
    world.control('PAUSE');
    world.pass(60_000);
    world.control('CONTINUE');
    world.pass(8_000);
    world.report('PROGRESS_UPDATE', { progress_percentage: 2 });
    expect(check(world, 'CP2')).toMatchObject({ value: 9_000, limit: 10_000, verdict: 'held' });
    world.pass(12_000);
    world.report('PROGRESS_UPDATE', { progress_percentage: 3 });
    expect(check(world, 'CP2')).toMatchObject({ value: 12_000, verdict: 'broken' });
    expect(check(world, 'CP2')?.entries).toEqual(seqOf(world, 'PROGRESS_UPDATE').slice(-2));
  });

  test('[CP2] a pause that lasts is broken as soon as the clock has seen it, by the entries of its steps', () => {
    const world = createTaskWorld();
    world.report('INITIALIZATION');
    world.pass(5_000);
    world.report('PROGRESS_UPDATE');
    world.pass(61_000);
    const [last] = seqOf(world, 'PROGRESS_UPDATE');
    const probed = world.facts.find(({ type }) => type === 'task.probed')?.seq;
    expect(check(world, 'CP2')).toMatchObject({ value: 60_000, verdict: 'broken', entries: [last, probed] });
    world.pass(600_000);
    expect(check(world, 'CP2')).toMatchObject({ value: 99_000, verdict: 'broken' });
  });

  test('[CP3] [CP4] [CP5] milestones before the completion, evidence with it, and a request before the end', () => {
    const bare = createTaskWorld();
    bare.report('INITIALIZATION');
    bare.report('COMPLETION', { evidence: [] });
    bare.control('ACCEPT');
    expect(check(bare, 'CP3')).toMatchObject({ value: 0, verdict: 'broken' });
    expect(check(bare, 'CP4')).toMatchObject({ value: 0, verdict: 'broken', entries: seqOf(bare, 'COMPLETION') });
    expect(check(bare, 'CP5')).toMatchObject({ value: 0, verdict: 'broken' });
    const world = exemplary();
    for (const rule of ['CP3', 'CP4', 'CP5']) expect(check(world, rule), rule).toMatchObject({ verdict: 'held' });
    expect(check(world, 'CP5')?.entries).toContain(seqOf(world, 'HANDOFF_REQUEST')[0]);
  });

  test('[CP6] names a recovery with every error', () => {
    const world = createTaskWorld();
    world.report('INITIALIZATION');
    expect(check(world, 'CP6')).toMatchObject({ verdict: 'unknown' });
    world.report('ERROR_REPORT');
    expect(check(world, 'CP6')).toMatchObject({ value: 1, verdict: 'broken', details: ['TOOL_FAILURE'] });
  });
});

describe('P55', () => {
  test('[CP7] tools that are claimed and were not observed are named; without an observer nothing is known', () => {
    const world = createTaskWorld();
    world.report('INITIALIZATION');
    world.report('MILESTONE_COMPLETED', { tools_used: ['Write', 'Edit'] });
    expect(check(world, 'CP7')).toMatchObject({ verdict: 'unknown' });
    expect(check(world, 'CP7', [observed(50, 'Edit')])).toMatchObject({
      value: 1,
      verdict: 'broken',
      details: ['Write'],
    });
    expect(check(world, 'CP7', [observed(50, 'Edit'), observed(51, 'Write')])).toMatchObject({
      value: 0,
      verdict: 'held',
    });
  });

  test('[CP8] so are files that evidence names', () => {
    const world = createTaskWorld();
    world.report('INITIALIZATION');
    world.report('COMPLETION', { evidence: ['Modified /home/ana/CLAUDE.md and docs/made-up.md'] });
    const seen = [observed(50, 'Edit', ['CLAUDE.md'])];
    expect(check(world, 'CP8', seen)).toMatchObject({ verdict: 'broken', details: ['docs/made-up.md'] });
    expect(check(world, 'CP8', [...seen, observed(51, 'Edit', ['/x/docs/made-up.md'])])).toMatchObject({
      verdict: 'held',
    });
  });
});

test('[CP9] the score is the share of the checks with a verdict that held', () => {
  expect(checkCompliance(exemplary().facts).score).toBe(1);
  expect(checkCompliance(createTaskWorld().facts).score).toBeNull();
  const world = createTaskWorld();
  world.report('INITIALIZATION');
  world.report('ERROR_REPORT');
  const { score, checks } = checkCompliance(world.facts);
  const judged = checks.filter(({ verdict }) => verdict !== 'unknown');
  expect(score).toBe(judged.filter(({ verdict }) => verdict === 'held').length / judged.length);
});
