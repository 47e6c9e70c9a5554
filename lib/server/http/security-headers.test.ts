import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guardRequest } from './guard';
import { contentSecurityPolicy, setSecurityHeaders } from './security-headers';

const rules = { publicUrl: 'https://parley.example.org', trustedProxies: 0 };
let passedOn: IncomingHttpHeaders = {};
const server = createServer((req, res) => {
  guardRequest(req, rules);
  setSecurityHeaders(req, res, { development: false });
  passedOn = req.headers;
  res.end();
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

const ask = async (path = '/') => {
  const { port } = server.address() as AddressInfo;
  return fetch(`http://127.0.0.1:${port}${path}`);
};

const directives = (policy: string | null) =>
  new Map((policy ?? '').split('; ').map((each) => [each.split(' ')[0], each.split(' ').slice(1)]));

test('[HT7] scripts run with the nonce of their own request only', async () => {
  const [one, other] = [await ask(), await ask()];
  const nonceOf = (response: Response) =>
    /'nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1];
  expect(nonceOf(one)).toMatch(/^[A-Za-z0-9+/=]{24}$/);
  expect(nonceOf(one)).not.toBe(nonceOf(other));
  const policy = directives(other.headers.get('content-security-policy'));
  expect(policy.get('script-src')).toEqual(["'self'", `'nonce-${nonceOf(other)}'`, "'strict-dynamic'"]);
  expect(policy.get('style-src')).toEqual(["'self'", `'nonce-${nonceOf(other)}'`]);
});

test('[HT7] Next and our own pages are handed the nonce on the request', async () => {
  const response = await ask();
  const policy = response.headers.get('content-security-policy');
  expect(passedOn['content-security-policy']).toBe(policy);
  expect(policy).toContain(`'nonce-${passedOn['x-nonce']}'`);
});

test('[HT7] nothing from elsewhere is loaded, framed or posted to', async () => {
  const policy = directives((await ask()).headers.get('content-security-policy'));
  expect(policy.get('default-src')).toEqual(["'self'"]);
  expect(policy.get('img-src')).toEqual(["'self'", 'data:', 'blob:']);
  for (const closed of ['object-src', 'base-uri', 'frame-ancestors', 'frame-src']) {
    expect(policy.get(closed)).toEqual(["'none'"]);
  }
  expect(policy.get('form-action')).toEqual(["'self'"]);
  const { port } = server.address() as AddressInfo;
  expect(policy.get('connect-src')).toEqual(["'self'", `ws://127.0.0.1:${port}`]);
});

test('[HT7] development loosens evaluation and styles, and nothing else', () => {
  const given = { nonce: 'n', host: 'localhost', isHttps: false };
  const strict = directives(contentSecurityPolicy({ ...given, development: false }));
  const loose = directives(contentSecurityPolicy({ ...given, development: true }));
  expect(loose.get('script-src')).toEqual([...(strict.get('script-src') ?? []), "'unsafe-eval'"]);
  for (const [name, sources] of strict) {
    if (!['script-src', 'style-src', 'style-src-attr'].includes(name ?? '')) expect(loose.get(name)).toEqual(sources);
  }
});

test('[HT8] every answer says how it may be used', async () => {
  const { headers } = await ask('/anything');
  expect(Object.fromEntries(headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
  });
  expect(headers.get('permissions-policy')).toContain('camera=()');
});

test('[HT8] HSTS goes out on https alone', () => {
  const sent = (proto: string) => {
    const set = new Map<string, unknown>();
    const req = { headers: { 'x-forwarded-proto': proto, 'x-forwarded-host': 'parley.example.org' } };
    const res = { setHeader: (name: string, value: unknown) => set.set(name, value) };
    setSecurityHeaders(req as never, res as never, { development: false });
    return set;
  };
  expect(sent('https').get('Strict-Transport-Security')).toBe('max-age=31536000');
  expect(sent('https').get('Content-Security-Policy')).toContain('wss://parley.example.org');
  expect(sent('http').has('Strict-Transport-Security')).toBe(false);
});
