import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { SeatId } from '@/lib/protocol/ids';
import { first, inReview, reviewDesk } from '@/lib/testing/review-desk';
import { sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { startProgram } from '@/lib/testing/start-program';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';

let t: TestRuntime;
const a = SeatId.parse('a');
const talks = sandboxTalk(() => t);
const desk = reviewDesk(() => t);

beforeEach(async () => {
  t = await createTestRuntime();
  await desk.seatPeople();
});
afterEach(() => t.close());

/** The longest that a program takes to come to its failpoint. */
const AT_MOST_MS = 12_000;

const usual = [
  ['turn.before_send:kill', 'approve'],
  ['turn.after_accepted:kill', 'edit'],
  ['turn.before_end:kill', 'approve'],
  ['turn.before_send:kill@2', 'edit'],
  ['turn.after_accepted:kill@2', 'approve'],
  ['turn.before_send:kill', 'reject'],
] as const;
/** When the program comes to its verdict depends on what it records as it starts: so around that. */
const soaking = [3, 4, 5, 6, 7, 8].flatMap(
  (at) =>
    [
      [`ledger.before_commit:kill@${at}`, 'approve'],
      [`ledger.after_commit:kill@${at}`, 'edit'],
    ] as const,
);

test.each([...usual, ...((inject('soak') ?? 1) > 1 ? soaking : soaking.slice(3, 5))])(
  '[DR14] killed at %s after %s, the draft is delivered or says that its outcome is unknown, and never delivered twice',
  async (failpoint, verdict) => {
    const { agent, heard, listener, open, rest, say } = talks;
    const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'I heard you' }])];
    const talk = await open([alice, bob], { edges: [inReview()] });
    await say(talk, a, [
      { call: { tool: tellTool, arguments: { message: 'Hello Bob', other_agent_id: bob } } },
      { say: 'going on' },
    ]);
    const draft = first(await desk.parked(talk));
    await rest(talk);
    await t.meanwhile(async () => {
      const { connectionString } = t.database;
      const given = [connectionString, failpoint, draft.id, draft.contentHash, verdict];
      const program = startProgram('lib/testing/verdict-program.ts', given);
      const giveUp = setTimeout(() => program.kill('SIGKILL'), AT_MOST_MS);
      expect(await program.exited, program.stderr()).toBe('SIGKILL');
      clearTimeout(giveUp);
    });
    if ((await desk.now(draft)).status === 'pending')
      await desk.decide(draft, verdict, verdict === 'edit' ? { content: 'Hello edited' } : {});
    await expect
      .poll(async () => (await desk.now(draft)).dispatch?.state, { timeout: 20_000, interval: 50 })
      .toMatch(/delivered|failed/);
    await rest(talk);
    const { dispatch } = await desk.now(draft);
    const times = (await heard(bob, 'Hello')).length;
    if (verdict === 'reject') expect(times).toBe(0);
    else if (dispatch?.state === 'delivered') expect(times).toBe(1);
    // What cannot be known is said, and may have arrived; nothing sends it again by itself.
    else
      expect([times <= 1, dispatch?.canRetry, dispatch?.error]).toEqual([
        true,
        true,
        expect.stringContaining('unknown'),
      ]);
    expect(await talks.only(talk, 'draft.settled')).toHaveLength(1);
    if (dispatch?.state === 'delivered') expect(await desk.reads(alice)).toHaveLength(1);
  },
  60_000,
);
