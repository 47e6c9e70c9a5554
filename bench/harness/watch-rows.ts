import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { z } from 'zod';
import { monotonicMs } from './monotonic-ms';
import { clockOffsetMs } from './open-browser';

const PATIENCE_MS = 10_000;
const POLL_MS = 100;
const Painted = z.array(z.tuple([z.number(), z.number()]));

/**
 * Notes when each row with a data-seq was first painted: its size is told within the frame that shows it for the first
 * time, and what is posted then arrives after that frame's paint.
 */
export const WATCH_ROWS = `(() => {
  const painted = (window.painted = new Map());
  const afterPaint = new MessageChannel();
  afterPaint.port1.onmessage = ({ data }) => {
    const now = performance.now();
    for (const seq of data) if (!painted.has(seq)) painted.set(seq, now);
  };
  const shown = new ResizeObserver((rows) => {
    afterPaint.port2.postMessage(rows.map(({ target }) => Number(target.dataset.seq)));
    for (const { target } of rows) shown.unobserve(target);
  });
  const look = (node) => {
    if (!(node instanceof Element)) return;
    if (node.matches('article[data-seq]')) shown.observe(node);
    for (const row of node.querySelectorAll('article[data-seq]')) shown.observe(row);
  };
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) look(node);
  }).observe(document, { childList: true, subtree: true });
})()`;

/** By seq, when each row was painted, on the page's own clock. */
export const paintedAt = async (page: Page): Promise<Map<number, number>> =>
  new Map(Painted.parse(await page.evaluate('[...window.painted]')));

/** Milliseconds from `since` (by seq, on the monotonic clock) until each row was painted. Waits until all are. */
export async function paintedMs(page: Page, since: ReadonlyMap<number, number>): Promise<number[]> {
  const until = monotonicMs() + PATIENCE_MS;
  for (;;) {
    const painted = await paintedAt(page);
    const missing = [...since.keys()].filter((seq) => !painted.has(seq));
    const offset = await clockOffsetMs(page);
    if (missing.length === 0) return [...since].map(([seq, from]) => (painted.get(seq) ?? 0) + offset - from);
    if (monotonicMs() > until) throw new Error(`${missing.length} of ${since.size} rows were not painted`);
    await delay(POLL_MS);
  }
}
