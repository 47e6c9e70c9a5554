import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isConsistent, rootFromInclusion } from '@/lib/domain/merkle-tree';
import { ConsistencyProof, InclusionProof } from '@/lib/protocol/audit';
import { WireEntry } from '@/lib/protocol/entry';
import { pageOf } from '@/lib/protocol/page';
import { openCheckpoint } from '@/lib/server/ledger/signed-note';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';
import { verifyExport } from '@/lib/testing/verify-export';

let api: ServedApi;
let conversationId: string;
const Entries = pageOf(WireEntry);

beforeAll(async () => {
  api = await serveApi();
  const seats: { agentId: unknown }[] = [];
  for (const name of ['Alice', 'Bob']) {
    const made = await api.by.admin.ask('POST', '/api/agents', { name, server: 'sandbox' });
    seats.push({ agentId: made.body['id'] });
  }
  conversationId = String((await api.by.admin.ask('POST', '/api/conversations', { seats })).body['id']);
  await api.by.admin.ask('POST', `/api/conversations/${conversationId}/messages`, {
    to: 'a',
    content: 'Where is the moon?',
  });
});
afterAll(() => api.close());

const text = async (path: string) => {
  const response = await fetch(`${api.url}${path}`, { headers: { authorization: `Bearer ${api.keys.viewer}` } });
  expect(response.status).toBe(200);
  return { type: response.headers.get('content-type'), body: await response.text(), headers: response.headers };
};
const entries = async (query: string) =>
  Entries.parse((await api.by.viewer.ask('GET', `/api/audit/entries?${query}`)).body);
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const bytes = (base64: string[]) => base64.map((each) => Buffer.from(each, 'base64'));
const keyOf = async () => (await text('/api/audit/key')).body.trim();
const open = async (note: string) => {
  const checkpoint = openCheckpoint(note, await keyOf());
  if (!checkpoint) throw new Error('the checkpoint is not signed by the key');
  return checkpoint;
};

test('[AP8] the key is a C2SP verifier key, the one that entry 1 carries', async () => {
  const { type, body } = await text('/api/audit/key');
  expect(type).toBe('text/plain; charset=utf-8');
  expect(body).toMatch(/^parley\.example\/log\/[0-9a-f]{8}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\n$/);
  const { items } = await entries('limit=1');
  expect(items[0]).toMatchObject({ seq: 1, stream: 'system', type: 'log.created', payload: { vkey: body.trim() } });
});

test('[AP8] the checkpoint is a signed note: origin, size and root, an empty line, a signature', async () => {
  const { type, body } = await text('/api/audit/checkpoint');
  expect(type).toBe('text/plain; charset=utf-8');
  const origin = (await keyOf()).split('+')[0] ?? '';
  const [first, size, root, empty, signature, ...rest] = body.split('\n');
  expect([first, empty, rest]).toEqual([origin, '', ['']]);
  expect(Number(size)).toBeGreaterThan(0);
  expect(Buffer.from(root ?? '', 'base64')).toHaveLength(32);
  expect(signature).toMatch(new RegExp(`^\u2014 ${origin} [A-Za-z0-9+/]{91}=$`));
  expect((await open(body)).size).toBe(Number(size));
});

test('[AP9] an inclusion proof leads from the leaf to the root of its checkpoint', async () => {
  for (const seq of [1, 2, (await entries('limit=500')).items.length]) {
    const proof = InclusionProof.strict().parse((await api.by.viewer.ask('GET', `/api/audit/proof?seq=${seq}`)).body);
    const { size, root } = await open(proof.checkpoint);
    const leafHash = sha256(Buffer.from(`\0${proof.leaf}`));
    const reached = rootFromInclusion(sha256, { index: seq - 1, size, leafHash, path: bytes(proof.path) });
    expect(reached && Buffer.from(reached).equals(root)).toBe(true);
    expect(JSON.parse(proof.leaf)).toMatchObject({ v: 1, seq });
  }
});

test('[AP9] a consistency proof leads from any smaller size to an issued checkpoint', async () => {
  const earlier = await open((await text('/api/audit/checkpoint')).body);
  await api.by.admin.ask('PATCH', `/api/conversations/${conversationId}`, { title: 'Later' });
  const { body: exported } = await text('/api/audit/export');
  const later = await open(JSON.parse(exported.trimEnd().split('\n').at(-1) ?? '').checkpoint);
  expect(later.size).toBeGreaterThan(earlier.size);
  const asked = await api.by.viewer.ask('GET', `/api/audit/proof?from=${earlier.size}&to=${later.size}`);
  const proof = ConsistencyProof.strict().parse(asked.body);
  expect(await open(proof.checkpoint)).toMatchObject({ size: later.size });
  const sides = { from: earlier.size, to: later.size, fromRoot: earlier.root, toRoot: later.root };
  expect(isConsistent(sha256, { ...sides, path: bytes(proof.path) })).toBe(true);
});

test.each([
  ['seq=0', 400],
  ['seq=999999999', 404],
  ['seq=1&from=1', 400],
  ['from=1', 400],
  ['', 400],
  ['from=2&to=1', 400],
  ['from=1&to=999999999', 400],
])('[AP9] a proof of %s is refused with %i', async (query, status) => {
  const answer = await api.by.viewer.ask('GET', `/api/audit/proof?${query}`);
  expect(answer).toMatchObject({ status, body: { error: { message: expect.any(String) } } });
  if (status === 400) expect(answer.body['error']).toHaveProperty('fields');
});

test('[AP10] an export holds the whole ledger and proves itself; a partial one holds one stream', async () => {
  const full = await text('/api/audit/export');
  expect(full.type).toBe('application/x-ndjson; charset=utf-8');
  const { size, entries: all } = verifyExport(full.body);
  expect(full.headers.get('content-disposition')).toBe(`attachment; filename="parley-ledger-${size}.ndjson"`);
  expect(JSON.parse(full.body.split('\n')[0] ?? '')).toEqual({
    ...{ format: 'parley-ledger-export/1', kind: 'full', firstSeq: 1, size },
    ...{ origin: (await keyOf()).split('+')[0], vkey: await keyOf() },
  });
  const stream = `conversation:${conversationId}`;
  const partial = await text(`/api/audit/export?stream=${stream}`);
  const held = verifyExport(partial.body).entries;
  expect(held.length).toBeGreaterThan(1);
  expect(held.slice(0, 2)).toEqual(all.filter((entry) => entry.stream === stream).slice(0, 2));
  expect(JSON.parse(partial.body.split('\n')[0] ?? '')).toMatchObject({ kind: 'partial' });
  expect((await api.by.viewer.ask('GET', '/api/audit/export?stream=nothing')).status).toBe(400);
});

test('[AP10] a stream without entries is an export that verifies and holds none', async () => {
  const { body } = await text('/api/audit/export?stream=task:none');
  expect(verifyExport(body).entries).toEqual([]);
});

test('[AP11] entries are found by stream, type, actor, time and text, either way from a seq', async () => {
  const stream = `conversation:${conversationId}`;
  const inStream = await entries(`stream=${stream}&limit=500`);
  expect(new Set(inStream.items.map((entry) => entry.stream))).toEqual(new Set([stream]));
  expect((await entries('type=agent.created')).items.map((entry) => entry.payload?.['name'])).toEqual(['Alice', 'Bob']);
  const byActor = await entries('actor=automation&limit=500');
  expect(byActor.items.every((entry) => entry.actor.id === 'automation')).toBe(true);
  const [found] = (await entries('q=where%20IS%20the%20moon&type=message.spoken')).items;
  expect(found?.payload?.['content']).toBe('Where is the moon?');
  const quoted = 'She said "no" \\ twice,\nloudly';
  const { body: task } = await api.by.operator.ask('POST', '/api/tasks', { command: quoted });
  for (const q of [quoted, 'said "no"', 'twice,\nLOUDLY', '"command":"She said'])
    expect((await entries(`q=${encodeURIComponent(q)}`)).items, q).toMatchObject([{ stream: `task:${task['id']}` }]);
  const at = encodeURIComponent(found?.receivedAt ?? '');
  expect((await entries(`from=${at}&limit=500`)).items.map((entry) => entry.seq)).toContain(found?.seq);
  expect((await entries(`to=${at}&limit=500`)).items.map((entry) => entry.seq)).not.toContain(found?.seq);
  expect((await entries('q=no%20such%20words%20anywhere')).items).toEqual([]);
});

test('[AP11] the log is the same whatever the size of the pages it is read in', async () => {
  const { size } = verifyExport((await text('/api/audit/export')).body);
  const until = `before=${size + 1}`;
  const seqs = Array.from({ length: size }, (_, index) => index + 1);
  for (const limit of [7, 500]) {
    const forwards: number[] = [];
    for (let after: string | null = '0'; after !== null; ) {
      const page = await entries(`after=${after}&${until}&limit=${limit}`);
      forwards.push(...page.items.map((entry) => entry.seq));
      after = page.next;
    }
    expect(forwards).toEqual(seqs);
    const backwards: number[] = [];
    for (let before: string | null = String(size + 1); before !== null; ) {
      const page = await entries(`before=${before}&limit=${limit}`);
      backwards.unshift(...page.items.map((entry) => entry.seq));
      before = page.next;
    }
    expect(backwards).toEqual(seqs);
  }
});
