import type { Connection, ConnectionStore } from './live-connection';

export const linkTiming = {
  /** Connected, but nothing came: the server sends something at least every 10 s. */
  staleMs: 15_000,
  /** From then on the connection is taken for dead and made anew. */
  deadMs: 25_000,
  /** A connection lost for less than this is only `connecting`: the server may be starting again. */
  offlineMs: 3_000,
  /** How often a beat is published at most. */
  publishMs: 250,
};
export type LinkTiming = typeof linkTiming;

/** Judges from what is heard, and when, how the connection stands. Times are Date.now(). */
export type Link = {
  opened(): void;
  /** Anything came. */
  beat(): void;
  measured(latencyMs: number): void;
  lost(reason?: string): void;
  refused(reason: string): void;
  /** To be called about twice a second. */
  tick(): void;
};

export function createLink(store: ConnectionStore, now: () => number, onDead: () => void, timing: LinkTiming): Link {
  let lastBeatAt: number | null = null;
  let latencyMs: number | null = null;
  let lostAt = now();

  const publish = (state: Connection['state'], reason?: string) => store.set({ state, lastBeatAt, latencyMs, reason });
  const state = () => store.get().state;

  function beat(): void {
    lastBeatAt = now();
    const { lastBeatAt: shown } = store.get();
    if (state() === 'stale') publish('live');
    else if (state() === 'live' && lastBeatAt - (shown ?? 0) >= timing.publishMs) publish('live');
  }

  return {
    opened() {
      lastBeatAt = now();
      publish('live');
    },
    beat,
    measured(ms) {
      latencyMs = ms;
      if (state() === 'live') publish('live');
    },
    lost(reason) {
      latencyMs = null;
      if (state() === 'live' || state() === 'stale') lostAt = now();
      publish(now() - lostAt >= timing.offlineMs ? 'offline' : 'connecting', reason ?? store.get().reason);
    },
    refused: (reason) => publish('refused', reason),
    tick() {
      if (state() === 'connecting' && now() - lostAt >= timing.offlineMs) publish('offline', store.get().reason);
      if (state() !== 'live' && state() !== 'stale') return;
      const silentMs = now() - (lastBeatAt ?? now());
      if (state() === 'live' && silentMs >= timing.staleMs) publish('stale');
      if (silentMs >= timing.deadMs) onDead();
    },
  };
}
