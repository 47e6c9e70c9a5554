import { expect, test } from 'vitest';
import { receiveBody } from './request-body';

const post = (body: BodyInit | undefined, contentType = 'application/json') =>
  new Request('http://localhost/api/x', {
    method: 'POST',
    headers: contentType ? { 'content-type': contentType } : {},
    ...(body !== undefined && { body, duplex: 'half' }),
  });

async function read(request: Request) {
  const body = await receiveBody(request);
  if ('error' in body) throw body.error;
  return body.value;
}

async function refusal(request: Request): Promise<string> {
  const body = await receiveBody(request);
  return 'error' in body ? body.error.code : 'taken';
}

test('[HT10] an absent body is {}, whatever its type', async () => {
  expect(await read(post(undefined))).toEqual({});
  expect(await read(post('', 'text/plain'))).toEqual({});
});

test('[HT10] a body is JSON by its Content-Type, or 415', async () => {
  expect(await read(post('{"a":1}', 'application/json; charset=utf-8'))).toEqual({ a: 1 });
  expect(await read(post('{"a":1}', 'application/merge-patch+json'))).toEqual({ a: 1 });
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonx']) {
    expect(await refusal(post('{"a":1}', type))).toBe('request.media_type');
  }
});

test('[HT10] a body that says it is compressed is 415, whether it is or not', async () => {
  const encoded = (encoding: string) => {
    const request = post('{"a":1}', 'application/json');
    request.headers.set('content-encoding', encoding);
    return request;
  };
  expect(await read(encoded('identity'))).toEqual({ a: 1 });
  for (const encoding of ['gzip', 'br', 'gzip, identity'])
    expect(await refusal(encoded(encoding))).toBe('request.media_type');
});

test('[HT11] a body may have 1 MiB and not a byte more, also when it does not say how long it is', async () => {
  const fill = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2));
  expect(await read(post(fill(1024 * 1024)))).toHaveLength(1024 * 1024 - 2);
  expect(await refusal(post(fill(1024 * 1024 + 1)))).toBe('request.too_large');
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new Uint8Array(64 * 1024).fill(0x20));
    },
  });
  expect(await refusal(post(endless))).toBe('request.too_large');
  expect(pulled).toBeLessThan(30); // it is not read to its end, which it has not
});

test('[HT12] what is not UTF-8 or not JSON is 400', async () => {
  for (const body of ['{', '{"a":1,}', "{'a':1}", 'undefined', '{"a":1}{', '\u0000']) {
    expect(await refusal(post(body))).toBe('request.invalid');
  }
  expect(await refusal(post(new Uint8Array([0x22, 0xff, 0x22])))).toBe('request.invalid');
});

test('[HT12] JSON may be 64 levels deep; brackets within texts do not count', async () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  expect(await refusal(post(nested(64)))).toBe('taken');
  expect(await refusal(post(nested(65)))).toBe('request.invalid');
  expect(await refusal(post('['.repeat(500_000)))).toBe('request.invalid');
  expect(await read(post(JSON.stringify('"[\\'.repeat(100))))).toBe('"[\\'.repeat(100));
});

test('[HT12] a member called __proto__ is refused wherever it stands, and the word is not', async () => {
  for (const body of ['{"__proto__":1}', '[{"a":{"__proto__":{}}}]', '{"\\u005f_proto__":null}']) {
    expect(await refusal(post(body)), body).toBe('request.invalid');
  }
  expect(await read(post('{"a":"\\"__proto__\\":1","constructor":"\\u0041"}'))).toEqual({
    a: '"__proto__":1',
    constructor: 'A',
  });
});

test('[HT13] lone surrogates are mended and counted, in keys and values; pairs and U+0000 stay', async () => {
  const body = await receiveBody(post('{"a\\ud800":["x\\udc00y","\\ud83d\\ude00","\\u0000"]}'));
  expect(body).toMatchObject({ value: { 'a\ufffd': ['x\ufffdy', '😀', '\u0000'] }, mended: 2 });
});

test('[HT12] an integer that would be another one afterwards is refused by its name, and no other number', async () => {
  for (const number of ['9007199254740993', '-12345678901234567890', '1e400']) {
    const body = await receiveBody(post(`{"handoff_data":{"at":"x","row":${number}}}`));
    expect('error' in body && body.error, number).toMatchObject({
      code: 'request.invalid',
      fields: { row: expect.stringContaining('as text') },
    });
    expect(await refusal(post(`[1,${number}]`))).toBe('request.invalid');
  }
  for (const kept of [
    '9007199254740992',
    '18014398509481984',
    '123456789012345680000',
    '0.12345678901234567890',
    '1e21',
    '1.5e-300',
  ]) {
    expect(await read(post(`{"row":${kept},"text":"12345678901234567890"}`))).toEqual({
      row: Number(kept),
      text: '12345678901234567890',
    });
  }
});
