import { describe, expect, test } from 'vitest';
import { createTaskWorld, type TaskWorld } from '@/lib/testing/task-world';
import { checkCompliance, type NumberedFact } from './check-compliance';
import { pathsIn } from './paths-in';

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
    const knockedAt = createTaskWorld();
    const [created] = knockedAt.facts;
    if (!created) throw new Error('a task is made');
    const code = 'auth.forbidden';
    const forged = {
      raw: '{}',
      code,
      reason: 'This key has nothing to do with it.',
      fields: {},
      source: 'sdk',
    } as const;
    knockedAt.facts.push({ ...created, type: 'task.report_refused', payload: forged, seq: 2, streamSeq: 2 });
    knockedAt.pass(60_000);
    knockedAt.report('INITIALIZATION');
    expect(check(knockedAt, 'CP1')).toMatchObject({ value: 0, verdict: 'held' });
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

  test('[CP2] after a pause it is measured, and proven, from where the agent was told to go on', () => {
    const world = createTaskWorld();
    world.report('INITIALIZATION');
    world.control('PAUSE');
    world.pass(600_000);
    world.control('CONTINUE');
    const toldAt = world.facts.findLast(({ type }) => type === 'task.controlled')?.seq;
    world.pass(20_000);
    world.report('PROGRESS_UPDATE');
    expect(check(world, 'CP2')).toMatchObject({
      value: 20_000,
      verdict: 'held',
      entries: [toldAt, ...seqOf(world, 'PROGRESS_UPDATE')],
    });
    expect(world.task().gapsMs).toEqual([20_000]);
  });

  test('[CP5] saying that one is not ready asks for no handoff, and an end after a retry needs a request of its own', () => {
    const unready = createTaskWorld();
    unready.report('INITIALIZATION');
    unready.report('HANDOFF_REQUEST', { ready_for_handoff: false });
    unready.report('COMPLETION');
    unready.control('ACCEPT');
    expect(check(unready, 'CP5')).toMatchObject({ value: 0, verdict: 'broken' });
    const again = createTaskWorld();
    for (const word of ['INITIALIZATION', 'COMPLETION', 'HANDOFF_REQUEST'] as const) {
      again.report(word, word === 'COMPLETION' ? { status: 'FAILED' } : {});
    }
    expect(check(again, 'CP5')).toMatchObject({ value: 1, verdict: 'held' });
    again.control('RETRY');
    again.pass(100);
    again.report('COMPLETION');
    again.control('ACCEPT');
    expect(again.task().state).toBe('SUCCESS');
    expect(check(again, 'CP5')).toMatchObject({ value: 0, verdict: 'broken' });
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

test('[CP8] fractions, dates, addresses, commands and products are no files', () => {
  const said =
    'All 15/15 tests passed on 2025/07/15, e.g. input and/or I/O; ran /sync-claude-md with Node.js 24.1, v1.x';
  expect(pathsIn(`${said}, see https://example.com/docs/index.html`)).toEqual([]);
  expect(pathsIn('Modified /Users/nalve/CLAUDE.md, ./a.ts, src/b.test.tsx and README.md (package.json too).')).toEqual([
    '/Users/nalve/CLAUDE.md',
    './a.ts',
    'src/b.test.tsx',
    'README.md',
    'package.json',
  ]);
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
