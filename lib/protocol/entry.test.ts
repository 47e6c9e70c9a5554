import { describe, expect, test } from 'vitest';
import { everyEntry } from '@/lib/testing/every-entry';
import { entryPayloads, entryTypes, knownEntry, WireEntry } from './entry';
import { conversationStream } from './stream';

const wire = (type: string, payload: unknown) =>
  WireEntry.parse({
    seq: 1,
    stream: conversationStream('1f0c2c1e-0000-4000-8000-000000000009'),
    streamSeq: 1,
    id: '01935f00-0000-7000-8000-000000000000',
    type,
    actor: { kind: 'system', id: 'parley', name: 'Parley' },
    occurredAt: '2026-11-20T12:00:00.000Z',
    receivedAt: '2026-11-20T12:00:00.000Z',
    cause: null,
    payload,
  });

describe.each(entryTypes)('%s', (type) => {
  test('[EN1] its sample is of its shape, and is known when it comes over the wire', () => {
    expect(entryPayloads[type].parse(everyEntry[type])).toEqual(everyEntry[type]);
    expect(knownEntry(wire(type, everyEntry[type]))?.type).toBe(type);
  });

  test('[EN2] redacted, it is no known entry, and no reader stumbles over it', () => {
    expect(knownEntry(wire(type, null))).toBeNull();
  });
});

test('[EN3] a type that this program does not know is kept as it came', () => {
  expect(wire('novel.thing_happened', { any: ['thing'] }).payload).toEqual({ any: ['thing'] });
  expect(knownEntry(wire('novel.thing_happened', {}))).toBeNull();
});
