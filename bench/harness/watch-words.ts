import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { z } from 'zod';
import { monotonicMs } from './monotonic-ms';
import { clockOffsetMs } from './open-browser';

const PATIENCE_MS = 10_000;
const POLL_MS = 10;

/**
 * Notes when a text with `word-N` was first painted in each of the places that review is about: a draft's card, its row in
 * the inbox, and the message where it arrived. What is posted in an animation frame comes after that frame's paint.
 */
export const WATCH_WORDS = `(() => {
  const places = [
    ['card', 'section[aria-label^="Draft, "]'],
    ['listed', 'ul[aria-label="Drafts"] > li'],
    ['arrived', 'article'],
  ];
  const painted = (window.paintedWords = new Map());
  const afterPaint = new MessageChannel();
  afterPaint.port1.onmessage = ({ data }) => {
    const now = performance.now();
    for (const key of data) if (!painted.has(key)) painted.set(key, now);
  };
  let found = [];
  const take = (kind, element) => {
    const text = element.textContent;
    // A call carries its word in its author's pane first; what has arrived says who wrote it.
    if (kind === 'arrived' && text.includes('send_message_to_agent')) return;
    for (const [word] of text.matchAll(/word-\\d+/g)) {
      if (found.length === 0) requestAnimationFrame(() => afterPaint.port2.postMessage(found.splice(0)));
      found.push(kind + ' ' + word);
    }
  };
  const look = (node) => {
    const element = node instanceof Element ? node : node.parentElement;
    if (!element) return;
    for (const [kind, selector] of places) {
      const around = element.closest(selector);
      if (around) take(kind, around);
      for (const within of element.querySelectorAll(selector)) take(kind, within);
    }
  };
  new MutationObserver((changes) => {
    for (const { target, addedNodes, type } of changes) {
      if (type === 'characterData') look(target);
      for (const node of addedNodes) look(node);
    }
  }).observe(document, { childList: true, subtree: true, characterData: true });
})()`;

/** Milliseconds from `since`, on the monotonic clock, until `key` was painted: a place and a word. Waits for it. */
export async function paintedWordMs(page: Page, key: string, since: number): Promise<number> {
  const until = monotonicMs() + PATIENCE_MS;
  for (;;) {
    const at = z
      .number()
      .nullable()
      .parse(await page.evaluate(`window.paintedWords.get(${JSON.stringify(key)}) ?? null`));
    if (at !== null) return at + (await clockOffsetMs(page)) - since;
    if (monotonicMs() > until) throw new Error(`${key} was not painted`);
    await delay(POLL_MS);
  }
}
