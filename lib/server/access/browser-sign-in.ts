import type { Pool } from 'pg';
import { z } from 'zod';
import { AppError } from '@/lib/protocol/errors';
import { PersonId, type WorkspaceId } from '@/lib/protocol/ids';
import type { JsonObject } from '@/lib/protocol/json';
import type { SignInMethod } from '@/lib/protocol/person';
import type { RegisterPasskey, SignInByPasskey } from '@/lib/protocol/sign-in';
import { requestOrigin, takesPasskeys } from '../http/request-origin';
import type { Log } from '../log';
import type { Auth } from './auth';

/** Values for `Set-Cookie`, to be sent with the answer. */
export type Cookies = readonly [name: 'Set-Cookie', value: string][];

/** What browsers sign in and come back with. Records nothing: whoever calls these appends the entry. */
export type BrowserSignIn = {
  /** Loads what the others need, which they do by themselves: so that the first who signs in does not wait for it. */
  load(): Promise<void>;
  findSession(headers: Headers): Promise<{ sessionId: string; personId: PersonId } | null>;
  openSession(headers: Headers, personId: PersonId, method: SignInMethod): Promise<Cookies>;
  dropSessionCookie(headers: Headers): Promise<Cookies>;
  hashPassword(password: string): Promise<string>;
  /** `hash` null: nobody is there; it takes as long as if there were. */
  verifyPassword(hash: string | null, password: string): Promise<boolean>;
  /** Options for `navigator.credentials.create`. @throws AppError `auth.stale`: the session is older than a day. */
  passkeyRegistration(headers: Headers, personName: string): Promise<{ options: JsonObject; cookies: Cookies }>;
  registerPasskey(
    headers: Headers,
    response: RegisterPasskey['response'],
    name: string,
  ): Promise<{ passkeyId: string }>;
  /** Options for `navigator.credentials.get`. */
  passkeySignIn(headers: Headers): Promise<{ options: JsonObject; cookies: Cookies }>;
  /** Opens a session. @throws AppError `auth.wrong_credentials` */
  signInByPasskey(
    headers: Headers,
    response: SignInByPasskey['response'],
  ): Promise<{ sessionId: string; personId: PersonId; cookies: Cookies }>;
};

export type BrowserSignInOptions = {
  pool: Pool;
  secret: Uint8Array;
  workspaceId: WorkspaceId;
  publicUrl: string | null;
  log: Log;
};

const NOBODYS_HASH = `${'0'.repeat(32)}:${'0'.repeat(128)}`;

/** What goes out as JSON, without the members that are undefined. */
const toJson = (options: object) => z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(options)));
const Opened = z.object({ session: z.object({ id: z.string(), userId: PersonId }) });

export function createBrowserSignIn(options: BrowserSignInOptions): BrowserSignIn {
  const authOf = createAuths(options);
  const passwords = async () => (await (await authOf(new URL('http://localhost'))).$context).password;
  return {
    load: async () => void (await loadAuth()),
    async findSession(headers) {
      const { api } = await authOf(requestOrigin(headers));
      const found = await api.getSession({ headers });
      if (!found || found.session.workspaceId !== options.workspaceId) return null;
      return { sessionId: found.session.id, personId: PersonId.parse(found.user.id) };
    },
    async openSession(headers, personId, method) {
      const { api } = await authOf(requestOrigin(headers));
      const opened = await api.openSession({ headers, body: { userId: personId, method }, returnHeaders: true });
      return cookiesOf(opened.headers);
    },
    async dropSessionCookie(headers) {
      const { api } = await authOf(requestOrigin(headers));
      const dropped = await api.dropSessionCookie({ headers, returnHeaders: true });
      return cookiesOf(dropped.headers);
    },
    hashPassword: async (password) => (await passwords()).hash(password),
    async verifyPassword(hash, password) {
      const isRight = await (await passwords()).verify({ hash: hash ?? NOBODYS_HASH, password });
      return isRight && hash !== null;
    },
    ...createPasskeyCalls(authOf),
  };
}

function createPasskeyCalls(
  authOf: (origin: URL) => Promise<Auth>,
): Pick<BrowserSignIn, 'passkeyRegistration' | 'registerPasskey' | 'passkeySignIn' | 'signInByPasskey'> {
  const at = async (headers: Headers) => {
    const origin = requestOrigin(headers);
    if (!takesPasskeys(origin)) {
      const fields = { host: 'localhost, or a name with https' };
      const message = `Browsers take no passkeys at ${origin.origin}. Use localhost or https.`;
      throw new AppError('request.invalid', message, { fields });
    }
    const own = new Headers(headers);
    own.set('origin', origin.origin); // what the passkey must have been made for
    return { headers: own, api: (await authOf(origin)).api };
  };
  return {
    async passkeyRegistration(given, personName) {
      const { api, headers } = await at(given);
      const made = await call(() =>
        api.generatePasskeyRegistrationOptions({ headers, query: { name: personName }, returnHeaders: true }),
      );
      const shown = { ...made.response, user: { ...made.response.user, displayName: personName } };
      return { options: toJson(shown), cookies: cookiesOf(made.headers) };
    },
    async registerPasskey(given, response, name) {
      const { api, headers } = await at(given);
      const made = await call(() => api.verifyPasskeyRegistration({ headers, body: { response, name } }));
      return { passkeyId: made.id };
    },
    async passkeySignIn(given) {
      const { api, headers } = await at(given);
      const made = await call(() => api.generatePasskeyAuthenticationOptions({ headers, returnHeaders: true }));
      return {
        options: toJson({ ...made.response, userVerification: 'required' }),
        cookies: cookiesOf(made.headers),
      };
    },
    async signInByPasskey(given, response) {
      const { api, headers } = await at(given);
      const opened = await call(
        () => api.verifyPasskeyAuthentication({ headers, body: { response }, returnHeaders: true }),
        'auth.wrong_credentials',
      );
      const { session } = Opened.parse(opened.response);
      return { sessionId: session.id, personId: session.userId, cookies: cookiesOf(opened.headers) };
    },
  };
}

/** Not with the program: better-auth takes half a second to load, which a start does not wait for. */
const loadAuth = () => import('./auth');

/** One better-auth for each kind of address: http or https, at localhost or the public name. */
function createAuths(options: BrowserSignInOptions): (origin: URL) => Promise<Auth> {
  const publicHostname = options.publicUrl === null ? null : new URL(options.publicUrl).hostname;
  const secret = Buffer.from(options.secret).toString('base64url');
  const auths = new Map<string, Auth>();
  return async ({ protocol, hostname }) => {
    const { createAuth } = await loadAuth();
    const isHttps = protocol === 'https:';
    const bound = hostname === publicHostname ? hostname : 'localhost';
    const key = `${isHttps} ${bound}`;
    const known = auths.get(key);
    if (known) return known;
    const { pool, workspaceId, log } = options;
    const auth = createAuth({ pool, secret, workspaceId, isHttps, hostname: bound, log });
    auths.set(key, auth);
    return auth;
  };
}

/** What better-auth refuses is the request's fault, and `code` where it is about who asks. */
async function call<Answer>(
  work: () => Promise<Answer>,
  code: 'request.invalid' | 'auth.wrong_credentials' = 'request.invalid',
): Promise<Answer> {
  try {
    return await work();
  } catch (cause) {
    const { isAPIError } = await loadAuth();
    if (!isAPIError(cause)) throw cause;
    // A registration that does not verify is told as a failure of the server.
    if (cause.statusCode >= 500 && cause.body?.code !== 'FAILED_TO_VERIFY_REGISTRATION') throw cause;
    if (cause.body?.code === 'SESSION_NOT_FRESH') {
      throw new AppError('auth.stale', 'You signed in more than a day ago. Sign in again, then do this.', { cause });
    }
    throw new AppError(code, `The passkey was not accepted: ${cause.message}.`, { cause });
  }
}

const cookiesOf = (headers: Headers): Cookies => headers.getSetCookie().map((value) => ['Set-Cookie', value] as const);
