import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiOf } from '@/e2e/program/api';
import { type ParleyProgram, startParleyProgram } from '@/lib/testing/parley-program';
import { AWAY, answered, expect, test } from './journey';
import { signedIn, stopWell } from './parley-of-file';
import { calls, makeTalk, scriptText, speak } from './scripted-agents';
import { type Panes, panesInLedger, panesOnScreen, said } from './transcript';

const dataDir = mkdtempSync(join(tmpdir(), 'parley-journey-'));
const env = { PARLEY_SANDBOX: 'auto', PARLEY_SANDBOX_PACE_MS: '20' };
let program: ParleyProgram;

test.beforeAll(async () => {
  program = await startParleyProgram({ dataDir, env });
});
test.afterAll(async () => {
  await stopWell(program);
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
});

/** The sandbox runs within the program: a kill takes both at once, a switch only the one that speaks for Letta. */
test('whatever stops in the middle of a turn, again and again, the transcript is complete and nothing is doubled', async ({
  enter,
  expectNoise,
}) => {
  test.setTimeout(120_000);
  expectNoise(AWAY);
  expectNoise(answered(502));
  const ana = await signedIn(program.signInUrl, 'Ana');
  const talk = await makeTalk(apiOf(program.url), 'Stormy', {
    names: ['Uma', 'Vic'],
    answer: 'Vic took it.',
    maxTurns: 200,
  });
  const page = await enter(ana, `/conversations/${talk.id}`);
  const { port } = new URL(program.url);
  const dropped = new Set<unknown>();
  /** Gives up, as a person would, what was killed on its way, so that nobody can say whether it arrived. */
  const settle = async () => {
    const api = apiOf(program.url);
    for (const { type, payload } of await api.entries(talk.id)) {
      const id = payload?.['conveyanceId'];
      if (type !== 'message.delivery_failed' || payload?.['outcome'] !== 'outcome_unknown' || dropped.has(id)) continue;
      dropped.add(id);
      const path = `/api/conversations/${talk.id}/conveyances/${id}`;
      await api.ask({ method: 'POST', path, body: { action: 'drop' } });
    }
  };
  const received = async () => {
    await settle();
    return (await apiOf(program.url).entries(talk.id)).filter(({ type }) => type === 'message.received').length;
  };

  for (let storm = 1; storm <= 3; storm++) {
    const before = await received();
    await speak(apiOf(program.url), talk, 'a', calls(talk, 3));
    await expect.poll(received, { timeout: 20_000 }).toBeGreaterThan(before);
    await program.kill9();
    program = await startParleyProgram({ dataDir, env: { ...env, PORT: port } });
  }
  const before = await received();
  await speak(apiOf(program.url), talk, 'a', calls(talk, 2));
  await expect.poll(received, { timeout: 20_000 }).toBeGreaterThan(before);
  const settings = (sandbox: boolean) =>
    apiOf(program.url).ask({ method: 'PATCH', path: '/api/settings', body: { sandbox } });
  await settings(false);
  await settings(true);

  const idle = async () => {
    await settle();
    return JSON.stringify(await apiOf(program.url).ask({ path: `/api/conversations/${talk.id}` }));
  };
  await expect.poll(idle, { timeout: 60_000 }).toContain('"state":"idle"');
  await speak(apiOf(program.url), talk, 'a', scriptText([{ say: 'The storm is over.' }]));
  await expect(said(page, 'The storm is over.')).toBeVisible({ timeout: 30_000 });

  const ledger = await panesInLedger(apiOf(program.url), talk.id);
  const arrivals = ledger.b.filter((one) => one.startsWith('received'));
  const sent = ledger.a.filter((one) => one.startsWith('sent'));
  expect(arrivals.length).toBeLessThanOrEqual(sent.length);
  expect(ledger.a.filter((one) => one.startsWith('spoken')).length).toBe(5);
  const ids = (await apiOf(program.url).entries(talk.id)).flatMap(({ type, payload }) =>
    type === 'message.received' || type === 'message.sent' ? [`${type} ${payload?.['conveyanceId']}`] : [],
  );
  expect(new Set(ids).size).toBe(ids.length);
  // Complete, and nothing twice. What was said while its agent stood at a call is drawn where the agent read it.
  const whole = ({ a, b }: Panes) => ({ a: a.toSorted(), b: b.toSorted() });
  await expect.poll(async () => whole(await panesOnScreen(page)), { timeout: 20_000 }).toEqual(whole(ledger));
});
