import { readFileSync } from 'node:fs';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { appendLeaf, rootOf } from '@/lib/domain/merkle-tree';
import { commitmentOf, envelopeText, leafHash, sealPayload, writePayload } from './leaf';
import { sha256 } from './sha256';
import { checkpointBody, generatePrivateKey, openCheckpoint, openSigner, signedNote } from './signed-note';

const vector = readFileSync(new URL('./ledger-vector.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

test('[PR4] the three-entry vector: commitments, leaves, roots and checkpoints are what we compute', () => {
  const [head, ...rest] = vector;
  const frontier: Uint8Array[] = [];
  const roots = new Map<number, Uint8Array>();
  for (const line of rest.filter((each) => 'seq' in each)) {
    const { v: _v, ...envelope } = JSON.parse(line.leaf);
    expect(commitmentOf(Buffer.from(line.salt, 'base64'), line.payload)).toBe(envelope.commitment);
    expect(writePayload(JSON.parse(line.payload)).text).toBe(line.payload);
    expect(envelopeText({ cause: null, ...envelope })).toBe(line.leaf);
    expect(leafHash(line.leaf).toString('base64')).toBe(line.hash);
    appendLeaf(sha256, frontier, line.seq - 1, leafHash(line.leaf));
    roots.set(line.seq, rootOf(sha256, [...frontier]));
  }
  const notes = rest.flatMap((each) => ('checkpoint' in each ? [each.checkpoint] : []));
  expect(notes).toHaveLength(2);
  for (const note of notes) {
    const checkpoint = openCheckpoint(note, head.vkey);
    expect(checkpoint?.origin).toBe(head.origin);
    expect(checkpoint && [...checkpoint.root]).toEqual([...(roots.get(checkpoint?.size ?? 0) ?? [])]);
    expect(openCheckpoint(note.replace('\n3\n', '\n4\n').replace('\n2\n', '\n5\n'), head.vkey)).toBeNull();
  }
});

test('[PR5] an envelope written out is its RFC 8785 text', () => {
  fc.assert(
    fc.property(
      fc.record({
        log: fc.string({ unit: 'grapheme' }),
        seq: fc.integer({ min: 1 }),
        stream: fc.string({ unit: 'grapheme' }),
        streamSeq: fc.integer({ min: 1 }),
        type: fc.string({ unit: 'grapheme' }),
        actor: fc.record({
          kind: fc.constantFrom('person', 'agent', 'key', 'system'),
          id: fc.string({ unit: 'grapheme' }),
        }),
        cause: fc.option(fc.integer({ min: 1 })),
      }),
      (facts) => {
        const id = '01935f00-0000-7000-8000-000000000000';
        const at = '2026-11-20T12:00:00.000Z';
        const envelope = { ...facts, id, occurredAt: at, receivedAt: at, commitment: 'AA==' };
        const { cause, ...members } = envelope;
        expect(envelopeText(envelope)).toBe(canonicalize({ v: 1, ...members, ...(cause === null ? {} : { cause }) }));
      },
    ),
  );
});

test('[PR6] lone surrogates are mended, and the payload says so; U+0000 is kept', () => {
  expect(writePayload({ text: 'a\ud800b' }).text).toBe('{"mended":true,"text":"a\ufffdb"}');
  expect(writePayload({ text: '\u0000' }).text).toBe('{"text":"\\u0000"}');
});

test('[PR7] no two payloads share a salt', () => {
  const salts = Array.from({ length: 400 }, () => sealPayload({ same: true }).salt.toString('hex'));
  expect(new Set(salts).size).toBe(400);
});

test('[PR8] a checkpoint of ours is opened by its key and by no other', () => {
  const signer = openSigner('parley.example/log/0badcafe', generatePrivateKey());
  const other = openSigner('parley.example/log/0badcafe', generatePrivateKey());
  const note = signedNote(checkpointBody(signer.name, 7, sha256('root')), [signer]);
  expect(openCheckpoint(note, signer.vkey)).toMatchObject({ origin: signer.name, size: 7 });
  expect(openCheckpoint(note, other.vkey)).toBeNull();
  expect(
    openCheckpoint(signedNote(checkpointBody(signer.name, 7, sha256('root')), [other, signer]), signer.vkey),
  ).not.toBeNull();
});
