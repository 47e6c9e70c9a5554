/**
 * How much JavaScript does a page take, and how long does a first start take until the program is healthy, beside an empty
 * Next application of one page, built and started by the same Next?
 *
 * Each page is opened in a real Chromium. `needed` are the scripts that its document names, gzipped: proven by holding back
 * all others until the page shows its content and answers a key; if it does not without them, everything counts. `until
 * rest` adds what the page fetched by itself afterwards, with nobody touching it: the live connection, and the parts that
 * draw sheets, menus and notices. What somebody opens comes on top of both when it is opened, and what reads Markdown with
 * the first text that holds markup. Lists are empty, and the conversation has 20 messages of plain words. One Letta is
 * known, which is away: with none at all the first page is the form that connects one.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@/e2e/letta/free-port';
import { system } from '@/lib/protocol/actor';
import { AddLettaServer } from '@/lib/protocol/letta-server';
import { launchParley } from '@/lib/testing/parley-program';
import { answers, buildEmptyNext, type EmptyNext } from './harness/empty-next';
import { type Figure, printFigures } from './harness/figure';
import { monotonicMs } from './harness/monotonic-ms';
import { openBrowser } from './harness/open-browser';
import { beforeSignIn, behindSignIn, measureScripts } from './harness/page-scripts';
import { percentile } from './harness/percentile';
import { startBenchProgram } from './harness/start-program';
import { openTalk } from './harness/talk';

const STARTS = 5;
const POLL_MS = 5;

const NONE = '0193a000-0000-7000-8000-000000000000';
const MESSAGES = 20;
const OVER_KB = 90;
const NOTHING = async () => undefined;

async function compareSizes(empty: EmptyNext): Promise<Figure[]> {
  const bare = await empty.start();
  const program = await startBenchProgram();
  const browser = await openBrowser();
  try {
    const stranger = await browser.enter();
    const reader = await browser.enter(program.signInUrl);
    const baseline = await measureScripts(stranger, `${bare.url}/`, NOTHING);
    const url = `http://127.0.0.1:${await freePort()}`;
    await program.rt.letta.add(system, AddLettaServer.parse({ name: 'bench', dialect: 'rest', url }));
    const talk = await openTalk(program.rt, 'A page');
    await talk.say(MESSAGES);
    const lists = ['/', '/conversations', '/agents', '/tasks', '/drafts', '/settings'];
    const ofOne = [`/conversations/${talk.id}`, `/agents/agent-${NONE}`, `/tasks/${NONE}`, `/drafts/${NONE}`];
    const figures: Figure[] = [];
    for (const path of ['/sign-in', ...lists, ...ofOne]) {
      const ours =
        path === '/sign-in'
          ? await measureScripts(stranger, `${program.url}${path}`, beforeSignIn)
          : await measureScripts(reader, `${program.url}${path}`, behindSignIn);
      const name = path.replace(/[0-9a-f-]{36}$/, '…');
      figures.push({
        ...{ metric: `needed by ${name}`, unit: 'KB', ours: ours.neededKb, baseline: baseline.neededKb },
        ...{ goal: `≤ empty Next + ${OVER_KB} KB`, holds: ours.neededKb <= baseline.neededKb + OVER_KB },
      });
      figures.push({
        ...{ metric: `until rest, ${name}`, unit: 'KB', ours: ours.untilRestKb, baseline: baseline.untilRestKb },
        ...{ goal: 'none: beside it', holds: true },
      });
    }
    return figures;
  } finally {
    await browser.close();
    await program.stop();
    await bare.stop();
  }
}

/** Milliseconds until a program that was never started here before, with a database to make, says that it is well. */
async function firstStartMs(): Promise<number> {
  const began = monotonicMs();
  const starting = launchParley();
  const { url } = await starting.ready();
  while (!(await answers(`${url}/api/health`))) await delay(POLL_MS);
  const took = monotonicMs() - began;
  await starting.stop();
  return took;
}

async function compareStarts(empty: EmptyNext): Promise<Figure> {
  const samples = { ours: [] as number[], baseline: [] as number[] };
  for (let round = 0; round < STARTS; round += 1) {
    const bare = await empty.start();
    samples.baseline.push(bare.afterMs);
    await bare.stop();
    samples.ours.push(await firstStartMs());
  }
  const [ours, baseline] = [percentile(samples.ours, 0.5), percentile(samples.baseline, 0.5)];
  return {
    ...{ metric: 'first start to healthy, p50', unit: 'ms', ours, baseline },
    ...{ goal: '≤ 1.5 × empty Next + 2 s', holds: ours <= 1.5 * baseline + 2_000 },
  };
}

const empty = await buildEmptyNext();
try {
  printFigures('pages', [...(await compareSizes(empty)), await compareStarts(empty)]);
} finally {
  empty.remove();
}
