import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rounds } from '@/lib/testing/rounds';
import { seedReports } from '@/lib/testing/seed-reports';
import { createTaskWorld } from '@/lib/testing/task-world';
import { displayTask } from './display-task';
import { displayWidth, harmless, wrapText } from './display-width';
import { toTask } from './to-task';

const PLAN = ['Registry analysis', 'Pattern identification', 'Documentation generation', 'Validation and final sync'];

/** The seed's own story up to so many of its messages, 90 s later. */
function shown(messages: number, more: { context?: string; efficiency?: number } = {}) {
  const world = createTaskWorld({ plan: PLAN });
  for (const { type, ...rest } of seedReports.slice(0, messages)) {
    world.report(type, rest);
    world.passUnwatched(messages === 2 && type === 'INITIALIZATION' ? 90_000 : 1_000);
  }
  const task = {
    ...toTask(world.task(), { now: world.now(), lastAliveAt: null, waitingMessages: 0 }),
    command: '/sync-claude-md',
    purpose: 'Synchronize CLAUDE.md with command registry',
    ...more,
    priority: 'HIGH',
  };
  const duration = world.task().completion?.duration ?? null;
  return displayTask(task, { now: world.now(), duration, efficiency: more.efficiency ?? null }, 'text');
}

const boxLines = (text: string) => text.split('\n').filter((line) => /^[╔║╠╚]/.test(line));

describe('the displays of the seed', () => {
  test('[TK25] the announcement', () => {
    expect(shown(1, { context: 'Update documentation with latest metrics' })).toContain(
      `╔═══════════════════════════════════════════════════════════╗
║                🎯 CLAUDE CODE COMMAND EXECUTION           ║
╠═══════════════════════════════════════════════════════════╣
║ Command: /sync-claude-md                                  ║
║ Purpose: Synchronize CLAUDE.md with command registry      ║
║ Context: Update documentation with latest metrics         ║
║ Priority: HIGH                                            ║
║ Expected Duration: 2-5 minutes                            ║
║ Task Agent: DEPLOYING...                                  ║
╚═══════════════════════════════════════════════════════════╝

🚀 INITIALIZING TASK AGENT FOR COMMAND EXECUTION...
`,
    );
  });

  test('[TK25] the tree of progress', () => {
    expect(shown(2)).toContain(
      `📊 Command Progress: /sync-claude-md
├─ ✅ Registry analysis (45% complete)
├─ ✅ Pattern identification
├─ 🔄 Documentation generation (in progress...)
├─ ⏳ Validation and final sync
└─ ⏳ Completion handoff
⚡ Active Tools: Read, Grep
🎯 Current Action: Reading command registry files
⏱️  Elapsed: 1m 31s | Estimated: 1m 51s remaining
`,
    );
  });

  test('[TK25] the completion', () => {
    expect(shown(6, { efficiency: 0.95 })).toContain(
      `╔═══════════════════════════════════════════════════════════╗
║              ✅ COMMAND EXECUTION COMPLETED               ║
╠═══════════════════════════════════════════════════════════╣
║ Command: /sync-claude-md                                  ║
║ Status: SUCCESS ✅                                        ║
║ Duration: 3 minutes 30 seconds                            ║
║ Tools Used: Read, Write, Grep, Bash, Edit                 ║
║ Results: Successfully updated CLAUDE.md with 15 new       ║
║   commands and 3 metrics updates                          ║
║ Task Agent Performance: 95% efficiency                    ║
╚═══════════════════════════════════════════════════════════╝

🎯 Control returned to principal agent. Ready for next command.
`,
    );
    expect(shown(6)).not.toContain('efficiency');
  });
});

describe('whatever stands in them', () => {
  const words = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({
      unit: fc.constantFrom('漢', '字', 'a', ' ', '👩‍👩‍👧', '⏱️', 'é', '한', '\u001b[31m', '\u202e'),
      maxLength: 120,
    }),
  );

  test('[TK26] every line of a box is 61 columns wide, and nothing breaks out of it', () => {
    fc.assert(
      fc.property(words, words, (one, other) => {
        const world = createTaskWorld({ plan: [one] });
        world.report('INITIALIZATION', { estimated_duration: other });
        world.report('COMPLETION', { results_summary: one, tools_used: [other] });
        world.report('HANDOFF_REQUEST');
        const task = toTask(world.task(), { now: world.now(), lastAliveAt: null, waitingMessages: 0 });
        const text = displayTask(
          { ...task, command: one, purpose: other },
          { now: world.now(), duration: one, efficiency: null },
          'text',
        );
        for (const line of boxLines(text)) expect(displayWidth(line), line).toBe(61);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that none of them is left is the point
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
      { numRuns: rounds(300) },
    );
  });

  test('[TK26] widths are those of a terminal', () => {
    for (const [text, width] of [
      ['abc', 3],
      ['漢字', 4],
      ['한국어', 6],
      ['🎯', 2],
      ['⏱️', 2],
      ['👩‍👩‍👧', 2],
      ['e\u0301', 1],
      ['✅ done', 7],
      ['ｆｕｌｌ', 8],
    ] as const)
      expect(displayWidth(text), text).toBe(width);
  });

  test('[TK26] wrapping loses nothing but spaces and keeps within its columns', () => {
    fc.assert(
      fc.property(words.map(harmless), fc.integer({ min: 4, max: 60 }), (text, columns) => {
        const lines = wrapText(text, columns);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }),
      { numRuns: rounds(300) },
    );
  });

  test('[TK27] [TK8] an estimate is shown as one, and nothing is made up without a plan, of a blank name or after the end', () => {
    const planned = createTaskWorld({ plan: ['one', 'two'] });
    planned.report('INITIALIZATION');
    planned.report('MILESTONE_COMPLETED', { milestone: 'one' });
    const text = (world: typeof planned, format: 'text' | 'ansi' = 'text') =>
      displayTask(
        toTask(world.task(), { now: world.now(), lastAliveAt: null, waitingMessages: 0 }),
        { now: world.now(), duration: null, efficiency: null },
        format,
      );
    expect(text(planned)).toContain('✅ one (about 50% complete, estimated)');
    const unplanned = createTaskWorld();
    unplanned.report('INITIALIZATION');
    unplanned.report('PROGRESS_UPDATE');
    expect(text(unplanned)).not.toContain('%');
    unplanned.report('PROGRESS_UPDATE', { current_action: 'Reading', next_milestone: ' ', milestones_completed: [''] });
    expect(text(unplanned)).toContain('Current Action: Reading');
    expect(unplanned.task()).toMatchObject({ milestones: [], next: null });
    unplanned.control('ABORT');
    expect(text(unplanned)).not.toContain('Current Action');
    expect(text(unplanned, 'ansi')).toContain('\u001b[1m');
  });
});
