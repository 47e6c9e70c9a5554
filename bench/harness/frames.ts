import type { Page } from '@playwright/test';
import { z } from 'zod';
import { percentile } from './percentile';

const FRAME_MS = 1_000 / 60;
/** What the browser's makers call a long animation frame. */
const LONG_FRAME_MS = 50;

/**
 * Methods of an object within the page: `frames` resolves with the lengths of all frames for so long, `step` being done in
 * each; `scrolled` does it while an element is scrolled, `px` a frame, to one end and back, beginning downwards or upwards.
 */
export const FRAMES_IN_PAGE = `
  frames(forMs, step) {
    return new Promise((resolve) => {
      const lengths = [];
      let began = 0;
      let before = 0;
      const frame = (now) => {
        if (before > 0) lengths.push(now - before);
        began ||= now;
        before = now;
        step();
        if (now - began < forMs) requestAnimationFrame(frame);
        else resolve(lengths);
      };
      requestAnimationFrame(frame);
    });
  },
  scrolled(element, forMs, px, upwards) {
    let way = upwards ? -px : px;
    return this.frames(forMs, () => {
      if (element.scrollTop <= 0) way = px;
      if (element.scrollTop + element.clientHeight >= element.scrollHeight - 1) way = -px;
      element.scrollTop += way;
    });
  },`;

const Frames = z.array(z.number());

/** Lengths of frames, in milliseconds, while `window.bench` does some work: `scroll(4000, 40)`. */
export const framesOf = async (page: Page, work: string): Promise<number[]> =>
  Frames.parse(await page.evaluate(`window.bench.${work}`));

/** Frames begin at ticks of the screen; what the page reads of that is rounded, so it is put back to whole ticks. */
export const frameP95 = (lengths: readonly number[]): number =>
  Math.round(percentile([...lengths], 0.95) / FRAME_MS) * FRAME_MS;

/** How many of them were long, in per cent. */
export const longShare = (lengths: readonly number[]): number =>
  (100 * lengths.filter((ms) => ms > LONG_FRAME_MS).length) / lengths.length;
