import { isDeepStrictEqual } from 'node:util';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '@/lib/protocol/errors';
import type { RateLimits as RateLimitSettings } from '@/lib/protocol/settings';

export type RateLimits = {
  /** @throws AppError `request.too_many` with the time to wait. */
  countSignIn(address: string): Promise<void>;
  countWrite(credentialId: string): Promise<void>;
  /** Counting begins anew with these settings, where they are others. */
  configure(settings: RateLimitSettings): void;
};

/** Counts in the memory of this instance. */
export function createRateLimits(settings: RateLimitSettings): RateLimits {
  let current = settings;
  let limiters = limitersOf(settings);
  return {
    countSignIn: (address) => count(limiters.signIns, address, 'Too many tries to sign in from this address.'),
    countWrite: (credentialId) => count(limiters.writes, credentialId, 'Too many writes with this session or key.'),
    configure(next) {
      if (isDeepStrictEqual(next, current)) return;
      current = next;
      limiters = limitersOf(next);
    },
  };
}

/** A burst allowance over the time in which the steady rate would use it up: the rate holds on average. */
const limitersOf = (settings: RateLimitSettings) => ({
  signIns: new RateLimiterMemory({ points: settings.signInPerMinute, duration: 60 }),
  writes: new RateLimiterMemory({
    points: settings.writeBurst,
    duration: settings.writeBurst / settings.writesPerSecond,
  }),
});

async function count(limiter: RateLimiterMemory, key: string, message: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (rejection) {
    if (!(rejection instanceof RateLimiterRes)) throw rejection;
    throw new AppError('request.too_many', message, {
      retryAfterSeconds: Math.max(1, Math.ceil(rejection.msBeforeNext / 1000)),
    });
  }
}
