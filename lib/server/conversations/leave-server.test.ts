import { afterAll, beforeAll, expect, test } from 'vitest';
import { SeatId } from '@/lib/protocol/ids';
import { apart, type LettaApart, lettaApart } from '@/lib/testing/letta-apart';
import { sandboxTalk } from '@/lib/testing/sandbox-talk';
import { leaveServer } from './leave-server';

let letta: LettaApart;
const a = SeatId.parse('a');
const { agent, only, open, say, state } = sandboxTalk(() => letta.t, apart);

beforeAll(async () => {
  letta = await lettaApart();
}, 60_000);
afterAll(() => letta.close(), 60_000);

test('[CV66] a turn on a server that is disconnected ends with it, and nothing waits for its end', async () => {
  const { t } = letta;
  const talk = await open([await agent('Alice', { server: apart }), await agent('Bob', { server: apart })]);
  await say(talk, a, [{ say: 'at last', stallMs: 60_000 }]);
  await expect.poll(async () => (await only(talk, 'turn.started')).length, { timeout: 10_000 }).toBe(1);
  await say(talk, a, [{ say: 'next' }]);
  await leaveServer(t.rt, t.ana, apart);
  expect(await state(talk)).toBe('stopped');
  expect(await only(talk, 'turn.ended')).toMatchObject([
    { stopReason: 'lost', error: 'apart was disconnected.' },
    { stopReason: 'not_sent', error: 'apart was disconnected.' },
  ]);
  const releases = async () =>
    (await t.database.pool.query("SELECT 1 FROM graphile_worker.jobs WHERE task_identifier = 'gates.release'"))
      .rowCount;
  await expect.poll(releases, { timeout: 10_000 }).toBe(0);
});
