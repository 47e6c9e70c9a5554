/**
 * How much JavaScript does the first load of each page take, and how long does a first start take until the program is
 * healthy, beside an empty Next application of one page, built and started by the same Next?
 */
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { launchParley } from '@/lib/testing/parley-program';
import { answers, buildEmptyNext, type EmptyNext } from './harness/empty-next';
import { type Figure, printFigures } from './harness/figure';
import { monotonicMs } from './harness/monotonic-ms';
import { percentile } from './harness/percentile';
import { startBenchProgram } from './harness/start-program';
import { openTalk } from './harness/talk';

const STARTS = 5;
const POLL_MS = 5;
const KB = 1_000;
const CHUNK = /static\/chunks\/[^"'\\?<> ]+\.js/g;
/** What browsers of this decade do not load. */
const LEGACY = /<script[^>]+noModule[^>]*>/gi;

/** Kilobytes, gzipped, of all scripts that the document names: those it loads, and those its parts need to come alive. */
async function firstLoadKb(url: string, path: string, key?: string): Promise<number> {
  const headers: Record<string, string> = key === undefined ? {} : { Authorization: `Bearer ${key}` };
  const page = await fetch(`${url}${path}`, { headers, redirect: 'manual' });
  if (page.status !== 200) throw new Error(`${path}: ${page.status}`);
  const names = new Set((await page.text()).replace(LEGACY, '').match(CHUNK));
  if (names.size === 0) throw new Error(`${path} names no script`);
  let bytes = 0;
  for (const name of names) {
    const script = await fetch(`${url}/_next/${name}`, { headers });
    if (!script.ok) throw new Error(`${name}: ${script.status}`);
    bytes += gzipSync(Buffer.from(await script.arrayBuffer())).length;
  }
  return bytes / KB;
}

async function compareSizes(empty: EmptyNext): Promise<Figure[]> {
  const bare = await empty.start();
  const program = await startBenchProgram();
  try {
    const baseline = await firstLoadKb(bare.url, '/');
    const { id } = await openTalk(program.rt, 'A page');
    const none = '0193a000-0000-7000-8000-000000000000';
    const paths = ['/', '/conversations', '/agents', '/tasks', '/drafts', '/settings'];
    const ofOne = [`/conversations/${id}`, `/agents/agent-${none}`, `/tasks/${none}`, `/drafts/${none}`];
    const figures: Figure[] = [];
    for (const path of ['/sign-in', ...paths, ...ofOne]) {
      const ours = await firstLoadKb(program.url, path, path === '/sign-in' ? undefined : program.adminKey);
      figures.push({
        ...{ metric: `JavaScript of ${path.replace(/[0-9a-f-]{36}$/, '…')}`, unit: 'KB gzipped', ours, baseline },
        ...{ goal: '≤ empty Next + 90 KB', holds: ours <= baseline + 90 },
      });
    }
    return figures;
  } finally {
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
