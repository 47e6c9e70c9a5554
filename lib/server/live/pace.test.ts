import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../clock';
import { createPace } from './pace';

describe('pace', () => {
  it('[LV9] a lone request runs at once; a flood is gathered and the last of it is never forgotten', async () => {
    let runs = 0;
    let asked = 0;
    let seen = 0;
    const pace = createPace(systemClock, 10, () => {
      runs += 1;
      seen = asked;
    });
    const ask = () => {
      asked += 1;
      pace.ask();
    };
    ask();
    expect(runs).toBe(1);
    for (let index = 0; index < 1_000; index += 1) ask();
    expect(runs).toBeLessThanOrEqual(5);
    await expect.poll(() => seen).toBe(1_001);
    expect(runs).toBeLessThanOrEqual(6);
    pace.stop();
    ask();
    pace.stop();
    await delay(0);
    expect(seen).toBeLessThanOrEqual(asked);
  });
});
