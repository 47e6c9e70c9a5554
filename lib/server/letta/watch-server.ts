import { isAppError } from '@/lib/protocol/errors';
import type { LettaState } from '@/lib/protocol/letta-server';
import type { Clock } from '../clock';
import { isDown } from './connection-failure';
import type { Gateway } from './gateway';

const WELL_MS = 5_000;
const BACKOFF_MS = [500, 1_000, 2_000, 5_000, 10_000, 15_000];
const CHECK_MS = 8_000;

/** `wasDown`: since it was last connected it was not only out of reach: nobody was there to answer. */
export type ServerHealth = {
  state: LettaState;
  version: string | null;
  reason: string | null;
  since: Date;
  wasDown: boolean;
};

/**
 * Asks a server again and again whether it is well, sooner after it was lost than after it has been away for long.
 * `onChange` is told when its state changes or it turns out to be down, `onSeen` each time that it was well.
 */
export function watchServer(options: {
  gateway: Gateway;
  clock: Clock;
  onChange: (health: ServerHealth, previous: LettaState) => void;
  onSeen: (at: Date) => void;
}): { health(): ServerHealth; checkNow(): Promise<void>; stop(): void } {
  const { gateway, clock, onChange, onSeen } = options;
  let health: ServerHealth = { state: 'connecting', version: null, reason: null, since: clock.now(), wasDown: false };
  let failures = 0;
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  let running: Promise<void> | null = null;

  const become = (next: Omit<ServerHealth, 'since'>) => {
    const before = health;
    const since = before.state === next.state ? before.since : clock.now();
    health = { ...next, since };
    const wasDown = next.wasDown || before.wasDown;
    if (before.state !== next.state || wasDown !== before.wasDown) onChange({ ...health, wasDown }, before.state);
  };

  const check = async () => {
    try {
      const { version } = await gateway.check(AbortSignal.timeout(CHECK_MS));
      if (stopped) return;
      failures = 0;
      onSeen(clock.now());
      become({ state: 'connected', version, reason: null, wasDown: false });
    } catch (error) {
      if (stopped) return;
      failures += 1;
      const refused = isAppError(error) && error.code === 'engine.refused';
      const reason = reasonOf(error);
      const wasDown = health.wasDown || isDown(error);
      become({ state: refused ? 'refused' : 'lost', version: health.version, reason, wasDown });
    }
  };

  const round = () => {
    running ??= check().finally(() => {
      running = null;
      if (stopped) return;
      const pause = failures === 0 ? WELL_MS : (BACKOFF_MS[Math.min(failures, BACKOFF_MS.length) - 1] ?? WELL_MS);
      timer = setTimeout(round, pause);
    });
    return running;
  };

  return {
    health: () => health,
    checkNow: () => {
      if (timer) clearTimeout(timer);
      return round();
    },
    stop: () => {
      stopped = true;
      if (timer) clearTimeout(timer);
    },
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'TimeoutError' ? `Letta did not answer within ${CHECK_MS / 1_000} s.` : error.message;
}
