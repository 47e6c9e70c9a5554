import { isAppError } from '@/lib/protocol/errors';
import type { LettaState } from '@/lib/protocol/letta-server';
import type { Clock } from '../clock';
import type { Gateway } from './gateway';

const WELL_MS = 5_000;
const BACKOFF_MS = [500, 1_000, 2_000, 5_000, 10_000, 15_000];
const CHECK_MS = 8_000;

/** `returnedAt`: when it was last found again after it had been lost; null while it never was. */
export type ServerHealth = {
  state: LettaState;
  version: string | null;
  reason: string | null;
  since: Date;
  returnedAt: Date | null;
};

/**
 * Asks a server again and again whether it is well, sooner after it was lost than after it has been away for long.
 * `onChange` is told when its state changes.
 */
export function watchServer(options: {
  gateway: Gateway;
  clock: Clock;
  onChange: (health: ServerHealth, previous: LettaState) => void;
}): { health(): ServerHealth; checkNow(): Promise<void>; stop(): void } {
  const { gateway, clock, onChange } = options;
  let health: ServerHealth = { state: 'connecting', version: null, reason: null, since: clock.now(), returnedAt: null };
  let failures = 0;
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  let running: Promise<void> | null = null;

  const become = (next: Pick<ServerHealth, 'state' | 'version' | 'reason'>) => {
    const previous = health.state;
    const since = previous === next.state ? health.since : clock.now();
    const hasReturned = previous === 'lost' && next.state === 'connected';
    health = { ...next, since, returnedAt: hasReturned ? since : health.returnedAt };
    if (previous !== next.state) onChange(health, previous);
  };

  const check = async () => {
    try {
      const { version } = await gateway.check(AbortSignal.timeout(CHECK_MS));
      if (stopped) return;
      failures = 0;
      become({ state: 'connected', version, reason: null });
    } catch (error) {
      if (stopped) return;
      failures += 1;
      const refused = isAppError(error) && error.code === 'engine.refused';
      const reason = error instanceof Error ? error.message : String(error);
      become({ state: refused ? 'refused' : 'lost', version: health.version, reason });
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
