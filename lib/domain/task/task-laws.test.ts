import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTaskOver } from '@/lib/protocol/task';
import { rounds } from '@/lib/testing/rounds';
import { ana, ben, createTaskWorld, type TaskWorld, type TaskWorldOptions, type Word } from '@/lib/testing/task-world';
import { applyTask } from './apply-task';
import { fittingControls } from './decide-control';
import { fittingReports } from './fitting-reports';
import { isWatched, nextClock } from './next-clock';
import type { TaskRecord } from './task-record';

const RUNS = rounds(400);

const word = fc.constantFrom<Word>(
  ...([
    'INITIALIZATION',
    'PROGRESS_UPDATE',
    'MILESTONE_COMPLETED',
    'ERROR_REPORT',
    'COMPLETION',
    'HANDOFF_REQUEST',
  ] as const),
);
const action = fc.constantFrom(...(['CONTINUE', 'PAUSE', 'ABORT', 'RETRY', 'TAKEOVER', 'HANDBACK', 'ACCEPT'] as const));
const more = fc.record(
  {
    blocking: fc.boolean(),
    evidence: fc.constantFrom([], ['a']),
    ready_for_handoff: fc.boolean(),
    agent_id: fc.constantFrom('a', 'a', 'b'),
  },
  { requiredKeys: [] },
);

type Deed = (world: TaskWorld) => void;
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(word, more).map(
      ([type, { evidence, ...rest }]): Deed =>
        (world) =>
          void world.report(type, type === 'COMPLETION' && evidence ? { ...rest, evidence } : rest),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(word, more).map(
      ([type, { evidence, ...rest }]): Deed =>
        (world) => {
          const holder = world.task().holder ?? ana;
          world.report(type, { ...rest, agent_id: holder.id, ...(type === 'COMPLETION' && { evidence }) }, holder);
        },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(action, fc.constantFrom(ana, ben)).map(
      ([which, by]): Deed =>
        (world) =>
          void world.control(which, by),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.nat(120_000).map(
      (ms): Deed =>
        (world) =>
          world.pass(ms),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(120_000).map(
      (ms): Deed =>
        (world) =>
          world.pass(ms, { late: ms % 5_000 }),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Deed>((world) => world.ping()) },
  { weight: 1, arbitrary: fc.constant<Deed>((world) => world.instruct('Europe first')) },
);
/** Most lives begin with an introduction: before it little fits. */
const life = fc
  .tuple(fc.integer({ max: 9 }), fc.array(deed, { maxLength: 40 }))
  .map(([chance, deeds]) =>
    chance === 0 ? deeds : [(world: TaskWorld) => void world.report('INITIALIZATION'), ...deeds],
  );

const live = (
  deeds: readonly Deed[],
  check: (world: TaskWorld, before: TaskRecord) => void,
  options: TaskWorldOptions = {},
): TaskWorld => {
  const world = createTaskWorld(options);
  for (const each of deeds) {
    const before = world.task();
    each(world);
    check(world, before);
  }
  return world;
};

test('[TK2] whatever comes in whatever order, a task ends once, and only a retry of what failed begins it again', () => {
  fc.assert(
    fc.property(life, (deeds) => {
      const { facts } = live(deeds, () => undefined);
      let over = false;
      for (const fact of facts) {
        if (fact.type === 'task.ended') {
          expect(over).toBe(false);
          over = true;
        } else if (fact.type === 'task.controlled' && fact.payload.action === 'RETRY') over = false;
        else if (over) expect(fact.type).toMatch(/report_refused|instruction_|answered/);
      }
    }),
    { numRuns: RUNS },
  );
});

test('[TK5] a report changes a task exactly when it fits, and each is accepted, refused or quarantined', () => {
  fc.assert(
    fc.property(life, word, (deeds, type) => {
      const world = live(deeds, () => undefined);
      const before = world.task();
      const held = before.holder !== null || before.state === 'TAKEN_OVER';
      const decision = world.report(type, { agent_id: before.agentId ?? 'a', at: world.facts.length });
      if (held) expect(decision).toMatchObject({ kind: 'declined', code: 'task.taken_over' });
      else expect(decision.kind).toBe(fittingReports(before).includes(type) ? 'accepted' : 'declined');
      const { reports, refused, quarantined } = world.task().counts;
      expect(reports + refused + quarantined).toBe(
        before.counts.reports + before.counts.refused + before.counts.quarantined + 1,
      );
    }),
    { numRuns: RUNS },
  );
});

test('[TK11] a control that is offered is carried out, and one that is not is refused with what would fit', () => {
  fc.assert(
    fc.property(life, action, (deeds, which) => {
      const world = live(deeds, () => undefined);
      const offered = fittingControls(world.task());
      const { holder } = world.task();
      const decision = world.control(which, holder?.kind === 'person' ? holder : ana);
      expect(decision.ok).toBe(offered.includes(which));
      if (!decision.ok) expect(decision.fields).toMatchObject({ fits: offered.join(', ') });
    }),
    { numRuns: RUNS },
  );
});

test('[CK4] a deadline is armed exactly while something is expected, and no living task is watched by nobody', () => {
  fc.assert(
    fc.property(life, (deeds) => {
      live(deeds, (world) => {
        const task = world.task();
        expect(world.dueMs() !== null, task.state).toBe(nextClock(task) !== null);
        expect(nextClock(task) !== null).toBe(isWatched(task));
        if (isTaskOver(task.state)) expect(world.dueMs()).toBeNull();
      });
    }),
    { numRuns: RUNS },
  );
});

test('[CK12] when a report races with a deadline, one of both comes first and the other finds what it left', () => {
  fc.assert(
    fc.property(life, fc.nat(200_000), fc.boolean(), (deeds, ms, isReportFirst) => {
      const world = live(deeds, () => undefined);
      const due = world.dueMs();
      if (due === null) return;
      world.passUnwatched(Math.max(0, due - world.nowMs()) + (ms % 50));
      const clockFacts = () =>
        world.types().filter((type) => /late|probed|assumed_failed|recovering|taken_over/.test(type)).length;
      const before = clockFacts();
      const [first, second] = isReportFirst
        ? [() => world.report('PROGRESS_UPDATE'), () => world.pass(0)]
        : [() => world.pass(0), () => world.report('PROGRESS_UPDATE')];
      first();
      second();
      // A word that was heard in time disarms: then nothing of the old deadline happens any more.
      if (isReportFirst && world.task().lastHeardAt === world.now()) expect(clockFacts()).toBe(before);
      else expect(clockFacts() - before).toBeLessThanOrEqual(1);
    }),
    { numRuns: RUNS },
  );
});

test('[TK23] the record is what its entries come to, from the first on or added to an earlier one, each once', () => {
  fc.assert(
    fc.property(life, fc.nat(), (deeds, cut) => {
      const world = live(deeds, () => undefined);
      const fold = (from: TaskRecord | null, facts = world.facts) =>
        facts.reduce<TaskRecord | null>((record, fact) => applyTask(record, fact), from);
      const half = fold(null, world.facts.slice(0, 1 + (cut % world.facts.length)));
      expect(fold(null)).toEqual(world.task());
      expect(fold(half)).toEqual(world.task());
      expect(JSON.parse(JSON.stringify(world.task()))).toEqual(world.task());
    }),
    { numRuns: RUNS },
  );
});

const options: fc.Arbitrary<TaskWorldOptions> = fc.record({
  principal: fc.constantFrom(ana, { kind: 'agent', id: 'chief', name: 'Chief' }),
  handoffPolicy: fc.constantFrom('accept_with_evidence', 'ask', 'accept'),
});

test('[TK46] [TK11] [TK14] state, wait, holder and clock of a task agree, whatever came', () => {
  fc.assert(
    fc.property(life, options, (deeds, given) => {
      live(
        deeds,
        (world, before) => {
          const task = world.task();
          const { state, waitingFor, phase, holder, endedAt } = task;
          const place = JSON.stringify({ types: world.types().slice(-6), state, waitingFor, phase, holder });
          if (state === 'PROBING') expect(phase, place).toBe('probing');
          if (state === 'RECOVERING') expect(['fresh', 'late', 'failed'], place).toContain(phase);
          if (state === 'WAITING') expect(['resume', 'blocking_error'], place).toContain(waitingFor);
          else if (state === 'HANDOFF_PENDING') expect(waitingFor, place).toMatch(/^handoff_/);
          else expect(waitingFor, place).toBeNull();
          if (['PROBING', 'RECOVERING', 'RUNNING', 'INITIALIZING'].includes(state)) {
            expect(holder, place).toBeNull();
            expect(nextClock(task), place).not.toBeNull();
          }
          if (holder !== null) expect(fittingControls(task), place).toContain('HANDBACK');
          expect(endedAt !== null, place).toBe(isTaskOver(state));
          const decided = world.facts.filter(({ streamSeq }) => streamSeq > before.streamSeq);
          const wasToldToGoOn = decided.some(({ type }) => /controlled|taken_over/.test(type));
          if (before.waitingFor === 'resume' && !wasToldToGoOn) expect(waitingFor, place).toBe('resume');
        },
        given,
      );
    }),
    { numRuns: RUNS },
  );
});

test('[TK18] an instruction is handed over once, or says that it was before', () => {
  fc.assert(
    fc.property(life, (deeds) => {
      const world = live(deeds, () => undefined);
      const seen = new Set<string>();
      for (const fact of world.facts) {
        if (fact.type !== 'task.answered') continue;
        for (const { message_id, redelivered } of fact.payload.instructions) {
          expect(redelivered ?? false).toBe(seen.has(message_id));
          seen.add(message_id);
        }
      }
    }),
    { numRuns: RUNS },
  );
});
