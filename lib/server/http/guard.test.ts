import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Guarded, type GuardRules, guardRequest } from './guard';

const plain: GuardRules = { publicUrl: null, trustedProxies: 0 };
const atHome: GuardRules = { publicUrl: 'https://parley.example.org', trustedProxies: 0 };
const proxied: GuardRules = { publicUrl: 'https://parley.example.org', trustedProxies: 1 };

let rules = plain;
let seen: { guarded: Guarded; req: IncomingMessage };
const server = createServer((req, res) => {
  seen = { guarded: guardRequest(req, rules), req };
  res.end();
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

type Asked = { method?: string; path?: string; rules?: GuardRules; headers?: Record<string, string> };

/** Sends it over a real connection, exactly as given. */
async function ask({ method = 'GET', path = '/api/agents', headers = {}, rules: under = plain }: Asked) {
  rules = under;
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve, reject) => {
    const sent = {
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: { host: `localhost:${port}`, ...headers },
      agent: false,
    };
    request(sent, (res) => res.resume().on('end', resolve))
      .on('error', reject)
      .end();
  });
  const { guarded } = seen;
  return guarded.ok ? 'passes' : `${guarded.status} ${JSON.parse(guarded.body).error.code}`;
}

test.each([
  ['localhost', 'passes'],
  ['localhost:3000', 'passes'],
  ['LOCALHOST:3000', 'passes'],
  ['127.0.0.1:3000', 'passes'],
  ['192.168.1.20', 'passes'],
  ['[::1]:3000', 'passes'],
  ['parley.example.org', '421 request.foreign_host'],
  ['localhost.evil.example', '421 request.foreign_host'],
  ['127.0.0.1.evil.example', '421 request.foreign_host'],
  ['evil.example:3000', '421 request.foreign_host'],
  ['localhost:99999999', '421 request.foreign_host'],
  ['localhost/', '421 request.foreign_host'],
  ['a@localhost', '421 request.foreign_host'],
  ['0x7f000001', '421 request.foreign_host'],
])('[HT1] without PARLEY_URL the host %s: %s', async (host, expected) => {
  expect(await ask({ headers: { host } })).toBe(expected);
});

test('[HT1] of two hosts neither is believed', async () => {
  rules = plain;
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.end(`GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n`);
  await once(socket.resume(), 'close');
  expect(seen.guarded).toMatchObject({ ok: false, status: 421 });
});

test('[HT1] the name in PARLEY_URL is taken, another is not', async () => {
  expect(await ask({ rules: atHome, headers: { host: 'parley.example.org' } })).toBe('passes');
  expect(await ask({ rules: atHome, headers: { host: 'PARLEY.example.org:8443' } })).toBe('passes');
  expect(await ask({ rules: atHome, headers: { host: 'other.example.org' } })).toBe('421 request.foreign_host');
});

test('[HT1] a foreign host is refused before a foreign origin, a bad method or a bad address', async () => {
  const headers = { host: 'evil.example', origin: 'https://evil.example' };
  expect(await ask({ method: 'POST', path: '/api/%ff', headers })).toBe('421 request.foreign_host');
});

test.each([
  ['POST', 'http://localhost:3000', 'passes'],
  ['POST', 'http://localhost:3001', '403 request.foreign_origin'],
  ['POST', 'https://localhost:3000', '403 request.foreign_origin'],
  ['POST', 'http://127.0.0.1:3000', '403 request.foreign_origin'],
  ['POST', 'https://evil.example', '403 request.foreign_origin'],
  ['POST', 'null', '403 request.foreign_origin'],
  ['PUT', 'https://evil.example', '403 request.foreign_origin'],
  ['PATCH', 'https://evil.example', '403 request.foreign_origin'],
  ['DELETE', 'https://evil.example', '403 request.foreign_origin'],
  ['GET', 'https://evil.example', 'passes'],
  ['HEAD', 'https://evil.example', 'passes'],
  ['OPTIONS', 'https://evil.example', 'passes'],
])('[HT2] %s from a page of %s: %s', async (method, origin, expected) => {
  expect(await ask({ method, headers: { host: 'localhost:3000', origin } })).toBe(expected);
});

test('[HT2] PARLEY_URL is an own origin, whatever host the request came to', async () => {
  const headers = { host: '127.0.0.1:3000', origin: 'https://parley.example.org' };
  expect(await ask({ method: 'POST', rules: atHome, headers })).toBe('passes');
});

test('[HT2] a write without Origin passes, unless the browser says that it is from another site', async () => {
  expect(await ask({ method: 'POST' })).toBe('passes');
  const from = (site: string) => ask({ method: 'POST', headers: { 'sec-fetch-site': site } });
  expect(await from('same-origin')).toBe('passes');
  expect(await from('none')).toBe('passes');
  expect(await from('cross-site')).toBe('403 request.foreign_origin');
  expect(await from('same-site')).toBe('403 request.foreign_origin');
});

test('[HT2] the handshake of a socket is held to it as well, by polling and by upgrade', async () => {
  const headers = { host: 'localhost:3000', origin: 'https://evil.example' };
  const polling = '/socket.io/?EIO=4&transport=polling';
  expect(await ask({ path: polling, headers })).toBe('403 request.foreign_origin');
  expect(await ask({ path: polling, headers: { ...headers, origin: 'http://localhost:3000' } })).toBe('passes');
  expect(await ask({ path: '/anything', headers: { ...headers, upgrade: 'websocket' } })).toBe(
    '403 request.foreign_origin',
  );
});

test('[HT3] X-Forwarded headers are not believed without PARLEY_TRUST_PROXY, and go no further', async () => {
  const headers = {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-port': '443',
    forwarded: 'for=203.0.113.9',
  };
  expect(await ask({ headers: { ...headers, host: 'localhost:3000' } })).toBe('passes');
  expect(seen.req.headers).toMatchObject({
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-host': 'localhost:3000',
    'x-forwarded-proto': 'http',
  });
  expect(seen.req.headers).not.toHaveProperty('x-forwarded-port');
  expect(seen.req.headers).not.toHaveProperty('forwarded');
});

test('[HT3] one proxy that is trusted is believed about the last value of each, not about what came before', async () => {
  const headers = {
    host: 'parley:3000',
    'x-forwarded-host': 'evil.example, parley.example.org',
    'x-forwarded-proto': 'https',
    'x-forwarded-for': '198.51.100.7, 203.0.113.9',
    origin: 'https://parley.example.org',
  };
  expect(await ask({ method: 'POST', rules: proxied, headers })).toBe('passes');
  expect(seen.req.headers).toMatchObject({
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-host': 'parley.example.org',
    'x-forwarded-proto': 'https',
  });
  const foreign = { ...headers, 'x-forwarded-host': 'parley.example.org, evil.example' };
  expect(await ask({ rules: proxied, headers: foreign })).toBe('421 request.foreign_host');
});

test('[HT3] an address that is none is not taken for one', async () => {
  await ask({ rules: proxied, headers: { 'x-forwarded-for': "1.2.3.4'; --" } });
  expect(seen.req.headers['x-forwarded-for']).toBe('127.0.0.1');
  await ask({ rules: proxied, headers: { 'x-forwarded-for': '[2001:db8::1]:4711' } });
  expect(seen.req.headers['x-forwarded-for']).toBe('2001:db8::1');
});

test('[HT3] whoever asks for the https name of PARLEY_URL came by https, also through a proxy that is not trusted', async () => {
  await ask({ rules: atHome, headers: { host: 'parley.example.org' } });
  expect(seen.req.headers['x-forwarded-proto']).toBe('https');
  await ask({ rules: atHome, headers: { host: 'localhost:3000' } });
  expect(seen.req.headers['x-forwarded-proto']).toBe('http');
});

test('[HT4] an address that cannot be read, or has U+0000 in it, is 400', async () => {
  expect(await ask({ path: '/api/%ff' })).toBe('400 request.invalid');
  expect(await ask({ path: '/api/%E0%A4%A' })).toBe('400 request.invalid');
  expect(await ask({ path: '/api/agents/a%00b' })).toBe('400 request.invalid');
  expect(await ask({ path: '/api/agents?after=a%00b' })).toBe('400 request.invalid');
  expect(await ask({ path: 'http://localhost/api/agents' })).toBe('400 request.invalid');
});

test('[HT5] what Next would redirect is answered instead', async () => {
  expect(await ask({ path: '/api//agents' })).toBe('404 request.not_found');
  expect(await ask({ path: '//evil.example/' })).toBe('404 request.not_found');
  expect(await ask({ path: '/api\\agents' })).toBe('404 request.not_found');
  for (const step of ['..', '.', '%2e%2E', '.%2e', '%2e']) {
    expect(await ask({ path: `/api/letta-servers/${step}` }), step).toBe('404 request.not_found');
    expect(await ask({ path: `/api/${step}/agents` }), step).toBe('404 request.not_found');
  }
  expect(await ask({ path: '/api/agents/..a' })).toBe('passes');
  expect(await ask({ path: '/api/agents/?limit=5' })).toBe('passes');
  expect(seen.req.url).toBe('/api/agents?limit=5');
  await ask({ path: '/agents/', headers: { authorization: 'Bearer x' } });
  expect(seen.req.url).toBe('/agents');
  await ask({ path: '/agents/' });
  expect(seen.req.url).toBe('/agents/');
  await ask({ path: '/socket.io/?EIO=4', headers: { authorization: 'Bearer x' } });
  expect(seen.req.url).toBe('/socket.io/?EIO=4');
});

test('[HT5] pages are told which address was asked for, whatever the sender says', async () => {
  const pathOf = async (path: string) => {
    await ask({ path, headers: { 'x-parley-path': 'https://evil.example' } });
    return seen.req.headers['x-parley-path'];
  };
  expect(await pathOf('/agents?q=a&_rsc=1x2&tab=b')).toBe('/agents?q=a&tab=b');
  expect(await pathOf('/agents?_rsc=1x2')).toBe('/agents');
  expect(await pathOf('/')).toBe('/');
});

test('[HT6] a method that nothing here answers is 405 with Allow', async () => {
  expect(await ask({ method: 'PROPFIND' })).toBe('405 request.method');
  expect(seen.guarded).toMatchObject({ headers: { Allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS' } });
});

test('looking twice changes nothing', async () => {
  const headers = { host: 'parley:3000', 'x-forwarded-host': 'parley.example.org', 'x-forwarded-for': '203.0.113.9' };
  await ask({ rules: proxied, headers });
  const once = { ...seen.req.headers };
  expect(guardRequest(seen.req, proxied)).toEqual({ ok: true });
  expect(seen.req.headers).toEqual(once);
});
