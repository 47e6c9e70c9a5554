import { describe, expect, it } from 'vitest';
import { createConnectionStore } from './live-connection';
import { createLink, linkTiming } from './live-link';

function start() {
  let now = 1_000_000;
  const store = createConnectionStore();
  let dead = 0;
  const link = createLink(
    store,
    () => now,
    () => (dead += 1),
    linkTiming,
  );
  const pass = (ms: number) => {
    now += ms;
    link.tick();
  };
  return { link, store, pass, dead: () => dead, now: () => now };
}

describe('how the connection stands', () => {
  it('[LV39] is stale after 15 s without a beat, made anew after 25 s, live again with the next beat', () => {
    const { link, store, pass, dead } = start();
    expect(store.get().state).toBe('connecting');
    link.opened();
    pass(14_999);
    expect(store.get().state).toBe('live');
    pass(1);
    expect(store.get()).toMatchObject({ state: 'stale', lastBeatAt: 1_000_000 });
    expect(dead()).toBe(0);
    link.beat();
    expect(store.get().state).toBe('live');
    pass(25_000);
    expect(dead()).toBe(1);
  });

  it('[LV39] a loss is offline only after 3 s, and keeps the time of the last beat and the reason', () => {
    const { link, store, pass, now } = start();
    link.opened();
    link.measured(12);
    expect(store.get()).toMatchObject({ state: 'live', latencyMs: 12 });
    pass(2_000);
    link.lost('Parley is stopping.');
    expect(store.get()).toMatchObject({ state: 'connecting', lastBeatAt: now() - 2_000, latencyMs: null });
    pass(3_000);
    expect(store.get()).toMatchObject({ state: 'offline', reason: 'Parley is stopping.' });
    link.lost();
    expect(store.get()).toMatchObject({ state: 'offline', reason: 'Parley is stopping.' });
    link.opened();
    expect(store.get()).toMatchObject({ state: 'live', reason: undefined });
  });

  it('[LV39] beats are published at most four times a second', () => {
    const { link, store, pass } = start();
    let told = 0;
    store.subscribe(() => (told += 1));
    link.opened();
    for (let index = 0; index < 100; index += 1) {
      pass(10);
      link.beat();
    }
    expect(told).toBeGreaterThanOrEqual(4);
    expect(told).toBeLessThanOrEqual(6);
  });
});
