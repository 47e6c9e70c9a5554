import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, inject, onTestFinished, test } from 'vitest';
import { isAlive } from '@/lib/server/boot/process-identity';
import type { FailpointName } from '@/lib/server/failpoint';
import { launchParley, type ParleyProcess, type ParleyProgram, startParleyProgram } from '@/lib/testing/parley-program';
import { type Api, apiOf } from './api';
import { type CarriedLoad, createCarriedLoad } from './carried-load';
import { keptWaitingMs } from './kept-waiting';
import { makeConversation } from './make-conversation';
import { type Random, randomFrom } from './random';
import { createWitness, type Witness } from './witness';
import { createWriteLoad, lastTitle, type WriteLoad } from './write-load';

const RESTART_MS = 5_000;
const POSTGRES_GONE_MS = 5_000;
/** The longest that a round waits for its failpoint to be reached. */
const ROUND_MS = 6_000;
/** What a round may take on a busy machine: a restart, the verification of all that is there, and the load. */
const MOST_OF_A_ROUND_MS = 35_000;
/** Turns that left no trace are looked for before they are called unknown, one after another. */
const SETTLE_MS = 120_000;

/** Where the program is stopped dead, and at which of the first so many times that it comes there under load. */
const FAILPOINTS: readonly [FailpointName, { from: number; below: number }][] = [
  ['ledger.before_write', { from: 8, below: 60 }],
  ['ledger.before_commit', { from: 8, below: 60 }],
  ['ledger.after_commit', { from: 8, below: 60 }],
  ['checkpoint.before_commit', { from: 2, below: 1 }],
  ['turn.before_send', { from: 1, below: 3 }],
  ['turn.after_accepted', { from: 1, below: 3 }],
  ['turn.before_end', { from: 1, below: 3 }],
];

type Watched = { program: ParleyProgram; api: Api };
type Observers = { writes: WriteLoad; calls: CarriedLoad; witness: Witness; pausedId: string };

/** Every other round at a failpoint, each in its turn; the others at a random moment. */
function planRound(n: number, random: Random): string | null {
  if (n % 2 === 1) return null;
  const [name, { from, below }] = FAILPOINTS[(n / 2) % FAILPOINTS.length] ?? [
    'ledger.after_commit',
    { from: 8, below: 60 },
  ];
  return `${name}:kill@${from + random.below(below)}`;
}

/** Starts it on what its predecessor left. One whose failpoint lay in its start is started again without. */
async function restart(dataDir: string, failpoint: string | null): Promise<Watched> {
  const launched = launchParley({ dataDir, env: failpoint === null ? {} : { PARLEY_FAILPOINT: failpoint } });
  try {
    const ready = await launched.ready();
    const ownMs = ready.afterMs - keptWaitingMs(launched.pid);
    expect(ownMs, `ms until it is ready again\n${launched.log()}`).toBeLessThanOrEqual(RESTART_MS);
    return { program: { ...launched, ...ready }, api: apiOf(ready.url) };
  } catch (error) {
    if (failpoint === null || (await launched.exited) !== 'SIGKILL') throw error;
    return restart(dataDir, null);
  }
}

async function verify(api: Api, { writes, calls, witness, pausedId }: Observers): Promise<void> {
  await witness.examine(api);
  const entries = await api.entries();
  writes.verify(entries);
  calls.verify(entries);
  const title = lastTitle(entries, pausedId);
  expect(await api.ask({ path: `/api/conversations/${pausedId}` })).toMatchObject({ title });
}

/** What a client sees of a program that dies under it is an answer that does not come. */
async function unlessItDied(work: Promise<unknown>, program: ParleyProcess): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    await program.exited;
  }
}

async function runUntilKilled({ program, api }: Watched, observers: Observers, afterMs: number): Promise<void> {
  const load = [observers.writes.run(api), observers.calls.run(api)];
  const looking = unlessItDied(observers.witness.examine(api), program);
  const late = new AbortController();
  const timeout = delay(afterMs, null, { signal: late.signal }).catch(() => null);
  await Promise.race([program.exited, timeout]);
  late.abort();
  await program.kill9();
  await Promise.all([looking, ...load.map((each) => each.done)]);
}

const rounds = inject('crashRounds');

test(
  'killed at any moment, again and again, it loses nothing that it answered and does nothing twice',
  async () => {
    const seed = Date.now() % 1_000_000;
    const random = randomFrom(seed);
    const dataDir = mkdtempSync(join(tmpdir(), 'parley-crash-'));
    const first = await startParleyProgram({ dataDir });
    let now: Watched = { program: first, api: apiOf(first.url) };
    onTestFinished(async () => {
      await now.program.kill9();
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 300 });
    });
    const paused = await makeConversation(now.api, 'Paused', { paused: true });
    const carried = await makeConversation(now.api, 'Carried');
    const observers: Observers = {
      writes: createWriteLoad(paused.id, random),
      calls: createCarriedLoad(carried.id, carried.receiverId, random),
      witness: createWitness(),
      pausedId: paused.id,
    };
    const settleWrites = async () => {
      await observers.writes.settle(now.api);
      await observers.writes.repeatSome(now.api, 5);
    };

    for (let n = 0; n < rounds; n += 1) {
      const failpoint = planRound(n, random);
      try {
        const postgres = now.program.postgresPid();
        await now.program.kill9();
        if (postgres !== null && n % 4 > 1) {
          await expect.poll(() => isAlive(postgres), { timeout: POSTGRES_GONE_MS }).toBe(false);
        }
        now = await restart(dataDir, failpoint);
        if (postgres !== null) expect(isAlive(postgres), 'the PostgreSQL of the killed one').toBe(false);
        await unlessItDied(
          settleWrites().then(() => verify(now.api, observers)),
          now.program,
        );
        await runUntilKilled(now, observers, failpoint === null ? 200 + random.below(1_500) : ROUND_MS);
      } catch (error) {
        throw new Error(`seed ${seed}, round ${n}, ${failpoint ?? 'at random'}`, { cause: error });
      }
    }

    now = await restart(dataDir, null);
    await settleWrites();
    await observers.calls.settle(now.api, SETTLE_MS);
    await verify(now.api, observers);
    const fates = observers.calls.verify(await now.api.entries());
    expect(fates.delivered, JSON.stringify(fates)).toBeGreaterThan(0);
    expect(observers.writes.answered()).toBeGreaterThan(rounds);
    expect(await now.program.stop()).toBe(0);
  },
  rounds * MOST_OF_A_ROUND_MS + SETTLE_MS,
);
