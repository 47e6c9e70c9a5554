import { afterAll, beforeAll, expect, test } from 'vitest';
import { apart, type LettaApart, lettaApart } from '@/lib/testing/letta-apart';
import { first, reviewDesk } from '@/lib/testing/review-desk';
import { sandboxTalk } from '@/lib/testing/sandbox-talk';

let letta: LettaApart;
const { agent, gateway, sayElsewhere } = sandboxTalk(() => letta.t, apart);
const desk = reviewDesk(() => letta.t);
const remember = 'core_memory_append';

beforeAll(async () => {
  letta = await lettaApart();
  await desk.seatPeople();
}, 60_000);
afterAll(() => letta.close(), 60_000);

test('[LS4] a verdict that was given while its server was away is delivered when it is back, however long that was', async () => {
  const { pool } = letta.t.database;
  const alice = await agent('Alice', { server: apart, tools: [remember], blocks: [{ label: 'notes', value: '' }] });
  await gateway().setApproval(alice, remember, true);
  await sayElsewhere(alice, [{ call: { tool: remember, arguments: { label: 'notes', content: 'likes tea' } } }]);
  const draft = first(await desk.parkedOf(alice));
  await letta.goes();
  await desk.decide(draft, 'approve');
  const failed = async () => {
    // As many tries as a day without a server comes to: the next one is hours away.
    const { rowCount } = await pool.query(
      `UPDATE graphile_worker._private_jobs SET attempts = 12, run_at = now() + interval '6 hours'
       WHERE attempts > 0 AND locked_at IS NULL AND last_error IS NOT NULL`,
    );
    return rowCount ?? 0;
  };
  await expect.poll(failed, { timeout: 20_000, interval: 50 }).toBeGreaterThan(0);
  await letta.comes();
  await desk.delivered(draft);
}, 90_000);
