import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { isBootError } from './boot/boot-error';
import { childEnvironment, parseEnv } from './env';

const KEY = 'a-key-of-more-than-24-chars';

const refusalOf = (source: Record<string, string>): string => {
  try {
    parseEnv(source);
  } catch (error) {
    if (isBootError(error)) return error.message;
    throw error;
  }
  return '';
};

test('nothing set gives the documented defaults', () => {
  expect(parseEnv({})).toEqual({
    port: 3000,
    host: '127.0.0.1',
    publicUrl: null,
    trustedProxies: 0,
    dataDir: resolve('.parley'),
    databaseUrl: null,
    lettaBaseUrl: null,
    lettaApiKey: null,
    lettaAppServerUrl: null,
    lettaAppServerToken: null,
    sandbox: 'auto',
    adminKey: null,
    logLevel: 'info',
    failpoint: undefined,
  });
});

test('an empty value counts as unset, as an empty line of a compose file means it', () => {
  expect(parseEnv({ PORT: '', DATABASE_URL: '', PARLEY_ADMIN_KEY: '' })).toEqual(parseEnv({}));
});

test.each([
  ['PORT', '0', 'port', 0],
  ['PORT', '65535', 'port', 65_535],
  ['HOST', '::', 'host', '::'],
  ['HOST', 'localhost', 'host', 'localhost'],
  ['PARLEY_URL', 'https://Parley.example.org:8443/', 'publicUrl', 'https://parley.example.org:8443'],
  ['PARLEY_TRUST_PROXY', 'on', 'trustedProxies', 1],
  ['PARLEY_TRUST_PROXY', 'off', 'trustedProxies', 0],
  ['PARLEY_TRUST_PROXY', '2', 'trustedProxies', 2],
  ['DATABASE_URL', 'postgres:///parley?host=/run/pg', 'databaseUrl', 'postgres:///parley?host=/run/pg'],
  ['LETTA_APP_SERVER_URL', 'ws://127.0.0.1:4500/ws', 'lettaAppServerUrl', 'ws://127.0.0.1:4500/ws'],
  ['PARLEY_ADMIN_KEY', KEY, 'adminKey', KEY],
  ['PARLEY_FAILPOINT', 'ledger.before_commit:kill@3', 'failpoint', 'ledger.before_commit:kill@3'],
] as const)('%s=%s is taken', (name, value, member, parsed) => {
  expect(parseEnv({ [name]: value })[member]).toBe(parsed);
});

test.each([
  ['PORT', '65536', '0 to 65535'],
  ['PORT', '-1', '0 to 65535'],
  ['PORT', '3000 ', '0 to 65535'],
  ['HOST', 'http://localhost', 'without scheme or port'],
  ['HOST', 'localhost:3000', 'without scheme or port'],
  ['PARLEY_URL', 'parley.example.org', 'http or https address'],
  ['PARLEY_URL', 'https://parley.example.org/sub', 'without a path'],
  ['PARLEY_TRUST_PROXY', 'maybe', 'on, off, or the number'],
  ['DATABASE_URL', 'mysql://root@host/db', 'postgresql://user:password@host:5432/database'],
  ['DATABASE_URL', 'postgresql://me:p@ss w/rd@host/db', 'what is special in it percent-encoded'],
  ['LETTA_BASE_URL', 'localhost:8283', 'http or https'],
  ['LETTA_APP_SERVER_URL', 'ftp://x', 'ws, wss, http or https'],
  ['PARLEY_SANDBOX', 'yes', 'auto, on or off'],
  ['PARLEY_ADMIN_KEY', 'a'.repeat(23), 'at least 24'],
  ['PARLEY_LOG_LEVEL', 'verbose', 'fatal, error, warn, info, debug, trace, silent'],
  ['PARLEY_FAILPOINT', 'somewhere', 'for tests only'],
])('%s=%s stops the start with its name and what is allowed', (name, value, allowed) => {
  expect(refusalOf({ [name]: value })).toMatch(new RegExp(`^ {2}${name}: .*${allowed}`, 'm'));
});

test('every bad value is named at once, and no secret is repeated', () => {
  const message = refusalOf({ PORT: 'x', HOST: '-', PARLEY_ADMIN_KEY: 'hush', DATABASE_URL: 'pg://u:hush@h/d' });
  for (const name of ['PORT', 'HOST', 'PARLEY_ADMIN_KEY', 'DATABASE_URL']) expect(message).toContain(`  ${name}: `);
  expect(message).not.toContain('hush');
});

test('a child inherits what any program needs and nothing that it was not handed', () => {
  const child = childEnvironment({ PGDATA: '/data' });
  expect(child).toMatchObject({ PATH: expect.any(String), PGDATA: '/data' });
  expect(Object.keys(child).filter((name) => /KEY|TOKEN|SECRET|PARLEY|LETTA|DATABASE|VITEST|^npm_/.test(name))).toEqual(
    [],
  );
});
