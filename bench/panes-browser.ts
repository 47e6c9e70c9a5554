/**
 * Does a conversation of 100,000 messages scroll in a real Chromium as one of 1,000 does? How soon does it open, how soon
 * is any of its messages there, what does it hold in memory, and does it keep up with 200 new messages a second?
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { BrowserContext, Page } from '@playwright/test';
import { z } from 'zod';
import { atPace } from './harness/at-pace';
import type { Figure } from './harness/figure';
import { FRAMES_IN_PAGE, frameP95, framesOf, longShare } from './harness/frames';
import { monotonicMs } from './harness/monotonic-ms';
import { openBrowser } from './harness/open-browser';
import { percentile } from './harness/percentile';
import { startBenchProgram } from './harness/start-program';
import { openTalk, type Talk } from './harness/talk';
import { paintedAt, WATCH_ROWS } from './harness/watch-rows';

const SHORT = 1_000;
const LONG = 100_000;
const SCROLL_MS = 4_000;
const SCROLL_PX = 40;
const SCROLLS = 4;
const OPENINGS = 5;
const JUMPS = 20;
const PER_SECOND = 200;
const RUSH_MS = 10_000;
const LOADING_MS = 300_000;
const MB = 1_000_000;

/** What is done and measured within the page, frame by frame. */
const IN_PAGE = `window.bench = {${FRAMES_IN_PAGE}
  scroller() {
    let element = document.querySelector('article[data-seq]');
    while (element && !/auto|scroll/.test(getComputedStyle(element).overflowY)) element = element.parentElement;
    return element;
  },
  scroll(forMs, px) {
    return this.scrolled(this.scroller(), forMs, px, true);
  },
  async loadAll(firstSeq, forMs) {
    const until = performance.now() + forMs;
    const first = () => document.querySelector('article[data-seq="' + firstSeq + '"]');
    while (!first()) {
      if (performance.now() > until) throw new Error('the history was not loaded in time');
      this.scroller().scrollTop = 0;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  },
  jump(streamSeq, seq, forMs) {
    const began = performance.now();
    history.pushState(null, '', '?at=' + streamSeq);
    return new Promise((resolve, reject) => {
      const look = () => {
        const box = document.querySelector('article[data-seq="' + seq + '"]')?.getBoundingClientRect();
        const now = performance.now();
        if (box && box.bottom > 0 && box.top < innerHeight) resolve(now - began);
        else if (now - began > forMs) reject(new Error('it did not come into view'));
        else requestAnimationFrame(look);
      };
      look();
    });
  },
};`;

async function open(context: BrowserContext, url: string, talk: Talk): Promise<{ page: Page; ms: number }> {
  const page = await context.newPage();
  await page.addInitScript(WATCH_ROWS);
  await page.addInitScript(IN_PAGE);
  const last = talk.rows.at(-1);
  await page.goto(`${url}/conversations/${talk.id}`);
  await page.locator(`article[data-seq="${last?.seq}"]`).waitFor();
  let ms = 0;
  while (ms === 0) ms = (await paintedAt(page)).get(last?.seq ?? 0) ?? 0; // the page's clock starts with its navigation
  return { page, ms };
}

const number = async (page: Page, work: string) => z.number().parse(await page.evaluate(work));

async function openOften(context: BrowserContext, url: string, talk: Talk): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round <= OPENINGS; round += 1) {
    const { page, ms } = await open(context, url, talk);
    await page.close();
    if (round > 0) took.push(ms); // the first fills the browser's cache
  }
  return percentile(took, 0.5);
}

async function jumpAround(context: BrowserContext, url: string, talk: Talk): Promise<number> {
  const { page } = await open(context, url, talk);
  const took: number[] = [];
  for (let jump = 0; jump <= JUMPS; jump += 1) {
    const row = talk.rows[Math.floor(((jump * 7_919) % 1_000) * 0.001 * talk.rows.length)];
    const ms = await number(page, `window.bench.jump(${row?.streamSeq}, ${row?.seq}, 10000)`);
    if (jump > 0) took.push(ms);
    await delay(200);
  }
  await page.close();
  return percentile(took, 0.95);
}

/** As a reader leaves the tail: what a program scrolls does not count for that, and the page would go back to it. */
async function leaveTail(page: Page): Promise<void> {
  await page.mouse.move(700, 500);
  for (let turn = 0; turn < 3; turn += 1) {
    await page.mouse.wheel(0, -400);
    await delay(200);
  }
}

/** Scrolls up to the beginning; what is passed stays in the page. Resolves with milliseconds. */
async function loadAll(page: Page, talk: Talk): Promise<number> {
  await page.bringToFront();
  await leaveTail(page);
  const began = monotonicMs();
  await page.evaluate(`window.bench.loadAll(${talk.rows[0]?.seq}, ${LOADING_MS})`);
  return Math.round(monotonicMs() - began);
}

/** Frames while so many new messages a second come in at the tail. */
async function rush(page: Page, talk: Talk): Promise<number[]> {
  const measuring = framesOf(page, `frames(${RUSH_MS}, () => undefined)`);
  const saying: Promise<unknown>[] = [];
  await atPace(PER_SECOND, (PER_SECOND * RUSH_MS) / 1_000, () => void saying.push(talk.say(1)));
  await Promise.all(saying);
  return measuring;
}

const inMemory = async (page: Page) => {
  await page.evaluate('window.gc()');
  return (await number(page, 'performance.memory.usedJSHeapSize')) / MB;
};

async function measure(url: string, context: BrowserContext, short: Talk, long: Talk): Promise<Figure[]> {
  const opening = { ours: await openOften(context, url, long), baseline: await openOften(context, url, short) };
  const jumping = { ours: await jumpAround(context, url, long), baseline: await jumpAround(context, url, short) };
  const [{ page: shortPage }, { page: longPage }] = [await open(context, url, short), await open(context, url, long)];
  const loading = await loadAll(shortPage, short);
  console.log(
    `the history was loaded in ${loading} ms of 1,000 messages, ${await loadAll(longPage, long)} ms of 100,000`,
  );
  const scrolled = { ours: [] as number[], baseline: [] as number[] };
  for (let round = 0; round < SCROLLS; round += 1) {
    for (const [page, into] of [
      [shortPage, scrolled.baseline],
      [longPage, scrolled.ours],
    ] as const) {
      await page.bringToFront();
      into.push(...(await framesOf(page, `scroll(${SCROLL_MS}, ${SCROLL_PX})`)));
    }
  }
  const heap = { ours: await inMemory(longPage), baseline: await inMemory(shortPage) };
  const rows = async (page: Page) => number(page, `document.querySelectorAll('article[data-seq]').length`);
  const drawn = { ours: await rows(longPage), baseline: await rows(shortPage) };
  await shortPage.close();
  await longPage.close();
  const rushed = { ours: [] as number[], baseline: [] as number[] };
  for (const [talk, into] of [
    [short, rushed.baseline],
    [long, rushed.ours],
  ] as const) {
    const { page } = await open(context, url, talk);
    into.push(...(await rush(page, talk)));
    await page.close();
  }
  const frame = { ours: frameP95(scrolled.ours), baseline: frameP95(scrolled.baseline) };
  const rushing = { ours: longShare(rushed.ours), baseline: longShare(rushed.baseline) };
  const figure = (metric: string, unit: string, of: typeof frame, goal: string, holds: boolean): Figure => ({
    ...{ metric, unit, ...of, goal, holds },
  });
  return [
    figure('opens at the tail, p50', 'ms', opening, '≤ 1,000 ms', opening.ours <= 1_000),
    figure('jumps to any message, p95', 'ms', jumping, '≤ 300 ms', jumping.ours <= 300),
    figure(
      ...(['frame while scrolling, p95', 'ms', frame, '≤ 16.7 ms and ≤ 1.2 × that of 1,000'] as const),
      frame.ours <= 16.7 && frame.ours <= 1.2 * frame.baseline,
    ),
    figure('rows in the page, both panes', 'rows', drawn, '≤ 300 a pane', drawn.ours <= 300),
    figure('heap with all loaded', 'MB', heap, '≤ 200 MB', heap.ours <= 200),
    figure('long frames at 200 new messages/s', '%', rushing, '< 2 %', rushing.ours < 2),
  ];
}

/** All figures of 100,000 messages, with those of 1,000 as their baseline. */
export async function comparePanes(): Promise<Figure[]> {
  const program = await startBenchProgram();
  const browser = await openBrowser();
  try {
    const [short, long] = [await openTalk(program.rt, 'Short'), await openTalk(program.rt, 'Long')];
    await short.recall(SHORT);
    await long.recall(LONG);
    return await measure(program.url, await browser.enter(program.signInUrl), short, long);
  } finally {
    await browser.close();
    await program.stop();
  }
}
