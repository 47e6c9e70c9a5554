/**
 * Does an inbox in which 1,000 drafts wait open at once and move at 60 frames, in a real Chromium: scrolled, gone through
 * by key, and while drafts come and go?
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { BrowserContext, Page } from '@playwright/test';
import { z } from 'zod';
import { system } from '@/lib/protocol/actor';
import { verdictKinds } from '@/lib/protocol/draft';
import { entryPayloads } from '@/lib/protocol/entry';
import { inboxStream } from '@/lib/protocol/stream';
import type { NewEntry } from '@/lib/server/ledger/command';
import type { Runtime } from '@/lib/server/runtime';
import { atPace } from './harness/at-pace';
import type { Figure } from './harness/figure';
import { FRAMES_IN_PAGE, frameP95, framesOf, longShare } from './harness/frames';
import { percentile } from './harness/percentile';
import { openTalk, type Talk } from './harness/talk';

const FEW = 20;
const MANY = 1_000;
const OPENINGS = 5;
const BATCH = 500;
const MOVING_MS = 4_000;
const KEY_EVERY_MS = 60;
const SCROLL_PX = 40;
const PER_SECOND = 10;
const TEXT = 'So it is, and so it goes on for a while, until somebody has another thought. '.repeat(4);

/** When the list that holds so many rows was painted, and frames while something is done. */
const IN_PAGE = `window.bench = {${FRAMES_IN_PAGE}
  listed(count) {
    return new Promise((resolve) => {
      const look = () => {
        if (document.querySelector('ul[aria-label="Drafts"] > li[aria-setsize="' + count + '"]')) {
          const afterPaint = new MessageChannel();
          afterPaint.port1.onmessage = () => resolve(performance.now());
          afterPaint.port2.postMessage(0);
        } else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
  },
  scroll(forMs, px) {
    return this.scrolled(document.querySelector('ul[aria-label="Drafts"]').parentElement, forMs, px, false);
  },
};`;

/** Drafts that wait for people, of a server that is not there: nobody withdraws them. */
function draftsOf(rt: Runtime, talk: Talk) {
  let made = 0;
  const offered = (): NewEntry & { draftId: string } => {
    made += 1;
    const draftId = randomUUID();
    const payload = entryPayloads['draft.offered'].parse({
      ...{ draftId, kind: 'message', conversationId: talk.id, conveyanceId: null, server: 'bench', threadId: null },
      from: { seat: 'a', agentId: 'agent-a', name: 'Alice' },
      to: { seat: 'b', agentId: 'agent-b', name: 'Bob' },
      ...{ content: `Draft ${made}. ${TEXT}`, messageId: null, fromTurnId: null, runId: null },
      ...{ why: 'Alice → Bob is in review.', heldBy: 'edge', allowed: [...verdictKinds], reviewers: 1 },
      ...{ expirySeconds: 3_600 + (made % 600), undoSeconds: 0 },
    });
    return { draftId, stream: inboxStream, type: 'draft.offered', payload };
  };
  const record = (entries: NewEntry[]) => rt.ledger.record(rt.workspaceId, system, entries);
  return {
    async add(count: number): Promise<void> {
      for (let left = count; left > 0; left -= BATCH) {
        await record(Array.from({ length: Math.min(BATCH, left) }, offered));
      }
    },
    /** One comes, and then goes. */
    async comeAndGo(): Promise<void> {
      const { draftId, ...entry } = offered();
      await record([entry]);
      await delay(500);
      const gone = entryPayloads['draft.withdrawn'].parse({ draftId, reason: 'It came to be measured.' });
      await record([{ stream: inboxStream, type: 'draft.withdrawn', payload: gone }]);
    },
  };
}

async function open(context: BrowserContext, url: string, count: number): Promise<{ page: Page; ms: number }> {
  const page = await context.newPage();
  await page.addInitScript(IN_PAGE);
  await page.goto(`${url}/drafts`, { waitUntil: 'commit' });
  return { page, ms: z.number().parse(await page.evaluate(`window.bench.listed(${count})`)) };
}

async function openOften(context: BrowserContext, url: string, count: number): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round <= OPENINGS; round += 1) {
    const { page, ms } = await open(context, url, count);
    await page.close();
    if (round > 0) took.push(ms); // the first fills the browser's cache
  }
  return percentile(took, 0.5);
}

type Moved = { scrolled: number[]; stepped: number[]; rushed: number[] };

async function move(context: BrowserContext, url: string, count: number, drafts: ReturnType<typeof draftsOf>) {
  const { page } = await open(context, url, count);
  const frames = (work: string) => framesOf(page, work);
  const idle = `frames(${MOVING_MS}, () => undefined)`;
  await delay(500);
  const scrolled = await frames(`scroll(${MOVING_MS}, ${SCROLL_PX})`);
  const stepping = frames(idle);
  await atPace(1_000 / KEY_EVERY_MS, Math.floor(MOVING_MS / KEY_EVERY_MS), () => void page.keyboard.press('j'));
  const stepped = await stepping;
  const rushing = frames(idle);
  const going: Promise<void>[] = [];
  await atPace(PER_SECOND, (PER_SECOND * MOVING_MS) / 1_000, () => void going.push(drafts.comeAndGo()));
  const rushed = await rushing;
  await Promise.all(going);
  const rows = z
    .number()
    .parse(await page.evaluate(`document.querySelectorAll('ul[aria-label="Drafts"] > li').length`));
  await page.close();
  return { scrolled, stepped, rushed, rows };
}

/** All figures of 1,000 drafts that wait, with those of 20 as their baseline. */
export async function compareInboxes(
  { rt, url }: { rt: Runtime; url: string },
  context: BrowserContext,
): Promise<Figure[]> {
  const talk = await openTalk(rt, 'Long held');
  await talk.recall(200);
  const drafts = draftsOf(rt, talk);
  await drafts.add(FEW);
  const opening = { baseline: await openOften(context, url, FEW), ours: 0 };
  const few = await move(context, url, FEW, drafts);
  await drafts.add(MANY - FEW);
  opening.ours = await openOften(context, url, MANY);
  const many = await move(context, url, MANY, drafts);
  const frame = (metric: string, of: keyof Moved): Figure => {
    const [ours, baseline] = [frameP95(many[of]), frameP95(few[of])];
    return { metric, unit: 'ms', ours, baseline, goal: '≤ 16.7 ms', holds: ours <= 16.7 };
  };
  const long = (metric: string, of: keyof Moved): Figure => {
    const [ours, baseline] = [longShare(many[of]), longShare(few[of])];
    return { metric, unit: '%', ours, baseline, goal: '< 2 %', holds: ours < 2 };
  };
  return [
    {
      ...{ metric: 'inbox of 1,000 opens, p50', unit: 'ms', ...opening },
      ...{ goal: '≤ 1,000 ms', holds: opening.ours <= 1_000 },
    },
    frame('frame while it is scrolled, p95', 'scrolled'),
    frame('frame while it is gone through by key, p95', 'stepped'),
    frame('frame while drafts come and go, p95', 'rushed'),
    long('long frames, gone through by key', 'stepped'),
    long('long frames while drafts come and go', 'rushed'),
    {
      ...{ metric: 'rows in the page', unit: 'rows', ours: many.rows, baseline: few.rows },
      ...{ goal: '≤ 60', holds: many.rows <= 60 },
    },
  ];
}
