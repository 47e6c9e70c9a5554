import { passkey } from '@better-auth/passkey';
import { APIError, betterAuth } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { deleteSessionCookie, setSessionCookie } from 'better-auth/cookies';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { WorkspaceId } from '@/lib/protocol/ids';
import { Session } from '@/lib/protocol/person';
import type { Log } from '../log';

export { isAPIError } from 'better-auth/api';

/** A session lasts 30 days from signing in, used or not; then one signs in again. */
const SESSION_SECONDS = 30 * 24 * 3_600;

export type AuthOptions = {
  pool: Pool;
  secret: string;
  workspaceId: WorkspaceId;
  /** Whether browsers come by https: cookies are then Secure, and named `__Host-`. */
  isHttps: boolean;
  /** The host name that passkeys are bound to. */
  hostname: string;
  log: Log;
};

/**
 * better-auth for one kind of address: sessions, their cookies, password hashes and passkeys. Its HTTP handler is never
 * mounted: routes of ours call what they need, so that every change of who may come in is an entry of the ledger.
 */
export type Auth = ReturnType<typeof createAuth>;

export function createAuth({ pool, secret, workspaceId, isHttps, hostname, log }: AuthOptions) {
  return betterAuth({
    appName: 'Parley',
    baseURL: `${isHttps ? 'https' : 'http'}://${hostname}`,
    secret,
    database: pool,
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: {
      level: 'warn',
      log: (level, message) => log[level === 'error' ? 'error' : 'warn'](`better-auth: ${message}`),
    },
    advanced: {
      useSecureCookies: false, // its prefix would be `__Secure-`; ours follows
      defaultCookieAttributes: { secure: isHttps, httpOnly: true, sameSite: 'lax', path: '/' },
      cookiePrefix: isHttps ? '__Host-parley' : 'parley',
      ipAddress: { ipAddressHeaders: ['x-forwarded-for'] },
    },
    user: { modelName: 'auth_user', fields: { emailVerified: 'email_verified', ...createdAndUpdated } },
    session: {
      modelName: 'auth_session',
      fields: {
        userId: 'user_id',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        expiresAt: 'expires_at',
        ...createdAndUpdated,
      },
      expiresIn: SESSION_SECONDS,
      disableSessionRefresh: true,
      additionalFields: {
        // Sessions that better-auth opens by itself are those of passkeys.
        method: { type: 'string', required: true, defaultValue: 'passkey', input: false },
        workspaceId: {
          type: 'string',
          required: true,
          defaultValue: workspaceId,
          input: false,
          fieldName: 'workspace_id',
        },
      },
    },
    account,
    verification,
    plugins: [passkeys(hostname), sessionsOfOurs],
  });
}

const createdAndUpdated = { createdAt: 'created_at', updatedAt: 'updated_at' } as const;

const account = {
  modelName: 'auth_account',
  fields: {
    accountId: 'account_id',
    providerId: 'provider_id',
    userId: 'user_id',
    accessToken: 'access_token',
    refreshToken: 'refresh_token',
    idToken: 'id_token',
    accessTokenExpiresAt: 'access_token_expires_at',
    refreshTokenExpiresAt: 'refresh_token_expires_at',
    ...createdAndUpdated,
  },
} as const;

const verification = {
  modelName: 'auth_verification',
  fields: { expiresAt: 'expires_at', ...createdAndUpdated },
} as const;

const passkeys = (hostname: string) =>
  passkey({
    rpID: hostname,
    rpName: 'Parley',
    advanced: { webAuthnChallengeCookie: 'passkey_challenge' },
    // Discoverable and unlocked by its owner: a passkey is all that signing in asks for.
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    authentication: {
      afterVerification: async ({ verification }) => {
        if (verification.authenticationInfo.userVerified) return;
        throw new APIError('UNAUTHORIZED', { message: 'the device did not verify its owner' });
      },
    },
    schema: {
      passkey: {
        modelName: 'auth_passkey',
        fields: {
          publicKey: 'public_key',
          userId: 'user_id',
          credentialID: 'credential_id',
          deviceType: 'device_type',
          backedUp: 'backed_up',
          createdAt: 'created_at',
        },
      },
    },
  });

/** Calls of ours into better-auth's sessions; never reachable over HTTP, like all of its endpoints here. */
const sessionsOfOurs = {
  id: 'parley',
  endpoints: {
    openSession: createAuthEndpoint(
      '/parley/open-session',
      {
        method: 'POST',
        body: z.object({ userId: z.string(), method: Session.shape.method }),
        requireHeaders: true,
        metadata: { SERVER_ONLY: true },
      },
      async (ctx) => {
        const { internalAdapter } = ctx.context;
        const user = await internalAdapter.findUserById(ctx.body.userId);
        if (!user) throw new APIError('NOT_FOUND', { message: 'no such person' });
        const overrideAll = true; // or the default of `method` would win
        const session = await internalAdapter.createSession(user.id, false, { method: ctx.body.method }, overrideAll);
        await setSessionCookie(ctx, { session, user });
        return { sessionId: session.id };
      },
    ),
    dropSessionCookie: createAuthEndpoint(
      '/parley/drop-session-cookie',
      { method: 'POST', requireHeaders: true, metadata: { SERVER_ONLY: true } },
      async (ctx) => {
        deleteSessionCookie(ctx);
        return {};
      },
    ),
  },
} as const;
