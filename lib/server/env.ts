import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { BootError } from './boot/boot-error';

type Source = Readonly<Record<string, string | undefined>>;

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const HOST_NAME = /^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/i;

const oneOf = (allowed: string) => ({ error: allowed });

const urlOf = (protocols: readonly string[], allowed: string) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), oneOf(allowed));

const port = z
  .string()
  .regex(/^\d{1,5}$/, oneOf('a number from 0 to 65535; 0 takes a free port'))
  .transform(Number)
  .refine((value) => value <= 65_535, oneOf('a number from 0 to 65535; 0 takes a free port'));

const host = z
  .string()
  .refine(
    (value) => isIP(value) > 0 || HOST_NAME.test(value),
    oneOf('an IP address or a host name, without scheme or port'),
  );

const isOrigin = (value: string) => {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  const bare = url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password;
  return bare && ['http:', 'https:'].includes(url.protocol);
};

const publicUrl = z
  .string()
  .refine(isOrigin, oneOf('an http or https address without a path, such as https://parley.example.org'))
  .transform((value) => new URL(value).origin);

const trustProxy = z
  .string()
  .regex(/^(on|off|true|false|yes|no|[0-9])$/i, oneOf('on, off, or the number of proxies in front of Parley (0–9)'))
  .transform((value) => (/^\d$/.test(value) ? Number(value) : Number(/^(on|true|yes)$/i.test(value))));

/** Goes into a header as it is: a line break or a letter beyond ASCII would fail every request. */
const secret = z.string().regex(/^[\x21-\x7e]+$/, oneOf('visible ASCII characters, no spaces and no line breaks'));

const failpoint = z
  .string()
  .regex(/^[a-z_.]+:kill(@[1-9]\d*)?$/, oneOf('<name>:kill or <name>:kill@<n>; for tests only'));

const sourceSchema = z.object({
  PORT: port.default(3000),
  HOST: host.default('127.0.0.1'),
  PARLEY_URL: publicUrl.optional(),
  PARLEY_TRUST_PROXY: trustProxy.default(0),
  PARLEY_DATA_DIR: z.string().default('.parley'),
  DATABASE_URL: urlOf(
    ['postgres:', 'postgresql:'],
    'a PostgreSQL address: postgresql://user:password@host:5432/database, what is special in it percent-encoded',
  ).optional(),
  LETTA_BASE_URL: urlOf(['http:', 'https:'], 'an http or https address').optional(),
  LETTA_API_KEY: secret.optional(),
  LETTA_APP_SERVER_URL: urlOf(['ws:', 'wss:', 'http:', 'https:'], 'a ws, wss, http or https address').optional(),
  LETTA_APP_SERVER_TOKEN: secret.optional(),
  PARLEY_SANDBOX: z.enum(['auto', 'on', 'off'], oneOf('auto, on or off')).default('auto'),
  PARLEY_ADMIN_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{24,}$/, oneOf('at least 24 visible ASCII characters, no spaces'))
    .optional(),
  PARLEY_LOG_LEVEL: z.enum(LOG_LEVELS, oneOf(LOG_LEVELS.join(', '))).default('info'),
  PARLEY_FAILPOINT: failpoint.optional(),
  PARLEY_SANDBOX_PACE_MS: z
    .string()
    .regex(/^\d{1,5}$/, oneOf('milliseconds between two pieces of what a sandbox agent says; 0 for tests'))
    .transform(Number)
    .optional(),
});

/** Values that a message must not repeat. */
const SECRET = new Set(['DATABASE_URL', 'LETTA_API_KEY', 'LETTA_APP_SERVER_TOKEN', 'PARLEY_ADMIN_KEY']);

/**
 * What the environment says, parsed. `publicUrl` is an origin without a trailing slash; `trustedProxies` is how many
 * proxies in front of Parley may be believed about X-Forwarded-* (0: none); `dataDir` is absolute; `failpoint` is for
 * tests only and goes to createFailpoint.
 */
export type Env = ReturnType<typeof parseEnv>;

/**
 * Parses environment variables. An empty value counts as unset.
 * @throws BootError that names every bad variable with what is allowed, one a line, and no secret.
 */
export function parseEnv(source: Source) {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = sourceSchema.safeParse(given);
  if (!parsed.success) throw new BootError(describeIssues(parsed.error, given));
  const env = parsed.data;
  return {
    port: env.PORT,
    host: env.HOST,
    publicUrl: env.PARLEY_URL ?? null,
    trustedProxies: env.PARLEY_TRUST_PROXY,
    dataDir: resolve(env.PARLEY_DATA_DIR),
    databaseUrl: env.DATABASE_URL ?? null,
    lettaBaseUrl: env.LETTA_BASE_URL ?? null,
    lettaApiKey: env.LETTA_API_KEY ?? null,
    lettaAppServerUrl: env.LETTA_APP_SERVER_URL ?? null,
    lettaAppServerToken: env.LETTA_APP_SERVER_TOKEN ?? null,
    sandbox: env.PARLEY_SANDBOX,
    adminKey: env.PARLEY_ADMIN_KEY ?? null,
    logLevel: env.PARLEY_LOG_LEVEL,
    failpoint: env.PARLEY_FAILPOINT,
    sandboxPaceMs: env.PARLEY_SANDBOX_PACE_MS,
  };
}

function describeIssues(error: z.ZodError, given: Source): string {
  const lines = error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const shown = SECRET.has(name) ? 'the value given' : JSON.stringify(given[name]);
    return `  ${name}: ${shown} is not allowed. Allowed: ${issue.message}.`;
  });
  return ['Parley cannot start, because of its environment:', ...new Set(lines)].join('\n');
}

/** The process environment, parsed. */
export const readEnv = (): Env => parseEnv(process.env);

/** Sets NODE_ENV. Must run before `next` or `react` is first imported: both decide by it while they load. */
export function setNodeEnv(mode: 'production' | 'development'): void {
  Object.assign(process.env, { NODE_ENV: mode });
}

const INHERITED = [
  ...[
    'PATH',
    'HOME',
    'USER',
    'LOGNAME',
    'SHELL',
    'LANG',
    'LC_ALL',
    'TZ',
    'TERM',
    'TMPDIR',
    'TMP',
    'TEMP',
    'CI',
    'NO_COLOR',
  ],
  ...['SystemRoot', 'SystemDrive', 'ComSpec', 'PATHEXT', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA'],
] as const;

/**
 * The environment for a child process: what any program needs to run, and `extra`. Nothing else is inherited, so no
 * key, token or database address reaches a child that was not handed it.
 */
export function childEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = INHERITED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(inherited), ...extra };
}
