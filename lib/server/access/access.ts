import type { Pool } from 'pg';
import { z } from 'zod';
import { AppError } from '@/lib/protocol/errors';
import type { WorkspaceId } from '@/lib/protocol/ids';
import { defaultRateLimits, type RateLimits as RateLimitSettings } from '@/lib/protocol/settings';
import type { Clock } from '../clock';
import { createRateLimits, type RateLimits } from '../http/rate-limits';
import type { Hub } from '../hub';
import type { Log } from '../log';
import { type BrowserSignIn, createBrowserSignIn } from './browser-sign-in';
import type { Caller } from './caller';
import { createCallers } from './callers';
import { createCredentialCheck } from './credential-check';
import { readInstallationSecret } from './installation-secret';
import { createSeal, type Seal } from './seal';
import { toHeaders } from './to-headers';

/** What a socket's handshake brings: headers as Node has them, and the client's `auth` object. */
export type Handshake = { headers: Record<string, string | string[] | undefined>; auth: unknown };

/** Who may come in. Use cases of access/, people/ and keys/ change that; this is what they and every door rest on. */
export type Access = {
  /**
   * By `Authorization: Bearer <key>` or else by the session cookie; null: nobody.
   * @throws AppError `auth.required` for a key that is not good; it never falls back to the cookie.
   */
  callerOfRequest(headers: Headers): Promise<Caller | null>;
  /** The same for a socket, which may also bring its key as `auth: {token}`. */
  callerOfSocket(handshake: Handshake): Promise<Caller | null>;
  /** Looks it up, past every cache. For what stays open: ask at least every 2 s. Cheap for many at once. */
  isStillValid(credential: Caller['credential']): Promise<boolean>;
  /** Takes effect at once here; elsewhere within 3 s. After any change of people, sessions or keys. */
  forget(): void;
  browser: BrowserSignIn;
  limits: RateLimits;
  seal: Seal;
  close(): void;
};

export type AccessOptions = {
  pool: Pool;
  hub: Pick<Hub, 'listen'>;
  clock: Clock;
  log: Log;
  workspaceId: WorkspaceId;
  /** PARLEY_URL and PARLEY_ADMIN_KEY. */
  publicUrl: string | null;
  adminKey: string | null;
  limits?: Partial<RateLimitSettings>;
};

const SocketAuth = z.object({ token: z.string() });

export async function createAccess(options: AccessOptions): Promise<Access> {
  const { pool, hub, clock, log, workspaceId, publicUrl, adminKey } = options;
  const secret = await readInstallationSecret(pool, workspaceId);
  const browser = createBrowserSignIn({ pool, secret, workspaceId, publicUrl, log });
  const callers = createCallers({ pool, clock, workspaceId, adminKey, browser });
  const stopListening = hub.listen({ revoked: (credential) => callers.forget(credential) });

  async function callerOfRequest(headers: Headers): Promise<Caller | null> {
    const authorization = headers.get('authorization');
    if (authorization === null) return callers.ofCookie(headers);
    const [, key] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
    if (key === undefined) throw new AppError('auth.required', 'Authorization must be: Bearer <key>.');
    return callers.ofBearer(key);
  }

  return {
    callerOfRequest,
    async callerOfSocket({ headers, auth }) {
      const own = toHeaders(headers);
      const given = SocketAuth.safeParse(auth);
      return own.has('authorization') || !given.success ? callerOfRequest(own) : callers.ofBearer(given.data.token);
    },
    isStillValid: createCredentialCheck({ db: pool, clock, workspaceId }),
    forget: () => callers.forget(),
    browser,
    limits: createRateLimits({ ...defaultRateLimits, ...options.limits }),
    seal: createSeal(secret, 'access'),
    close: stopListening,
  };
}
