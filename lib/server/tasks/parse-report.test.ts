import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonValue } from '@/lib/protocol/json';
import { missingFields, TaskReport } from '@/lib/protocol/task-message';
import { rounds } from '@/lib/testing/rounds';
import { seedReports } from '@/lib/testing/seed-reports';
import { parseReport } from './parse-report';

const required: Readonly<Record<string, string>> = {
  INITIALIZATION: 'command',
  PROGRESS_UPDATE: 'status',
  MILESTONE_COMPLETED: 'milestone',
  ERROR_REPORT: 'error_type',
  COMPLETION: 'status',
  HANDOFF_REQUEST: 'ready_for_handoff',
};
const seed = fc.constantFrom(...seedReports);

/** A message of the seed with one thing wrong, and what that is. */
const malformed: fc.Arbitrary<{ message: JsonValue; field: string }> = fc.oneof(
  // A member of another type.
  seed.chain((message) =>
    fc
      .tuple(
        fc.constantFrom(...Object.keys(message)),
        fc.constantFrom<JsonValue>(null, { not: 'this' }, [1], [null], 1e9, -1),
      )
      .filter(
        ([field, value]) =>
          field !== 'handoff_data' || value === null || typeof value !== 'object' || Array.isArray(value),
      )
      .map(([field, value]) => ({ message: { ...message, [field]: value } as JsonValue, field })),
  ),
  // What must be there and is not.
  seed.chain((message) =>
    fc.constantFrom('type', 'timestamp', 'agent_id', required[message.type] ?? 'type').map((field) => ({
      message: Object.fromEntries(Object.entries(message).filter(([name]) => name !== field)) as JsonValue,
      field,
    })),
  ),
  // Empty, or out of range, or no time in UTC.
  fc
    .constantFrom(
      { message: { ...seedReports[0], command: '' }, field: 'command' },
      { message: { ...seedReports[0], agent_id: '' }, field: 'agent_id' },
      { message: { ...seedReports[0], agent_id: 'a\0' }, field: 'agent_id' },
      { message: { ...seedReports[0], timestamp: '2025-07-15T19:30:00' }, field: 'timestamp' },
      { message: { ...seedReports[0], timestamp: '2025-07-15T19:30:00+02:00' }, field: 'timestamp' },
      { message: { ...seedReports[0], timestamp: '2025-02-30T19:30:00Z' }, field: 'timestamp' },
      { message: { ...seedReports[1], progress_percentage: 100.1 }, field: 'progress_percentage' },
      { message: { ...seedReports[1], progress_percentage: '45' }, field: 'progress_percentage' },
      { message: { ...seedReports[1], status: 'DONE' }, field: 'status' },
      { message: { ...seedReports[2], milestone: '' }, field: 'milestone' },
      { message: { ...seedReports[3], error_type: '' }, field: 'error_type' },
      { message: { ...seedReports[5], control_transfer: 'NOT YET' }, field: 'control_transfer' },
    )
    .map(({ message, field }) => ({ message: JSON.parse(JSON.stringify(message)) as JsonValue, field })),
  fc.constantFrom<JsonValue>(null, 1, 'x', true, [], [seedReports[0].type]).map((message) => ({ message, field: '' })),
);

test('[TK4] of 10,000 malformed reports none is accepted, and each is told the field at fault', () => {
  fc.assert(
    fc.property(malformed, ({ message, field }) => {
      const parsed = parseReport(message);
      expect(parsed.ok, JSON.stringify(message)).toBe(false);
      if (parsed.ok) return;
      expect(parsed.error.code).toBe('request.invalid');
      expect(Object.keys(parsed.error.fields ?? {}).map((path) => path.split('.')[0])).toContain(field);
      expect(Buffer.byteLength(parsed.raw)).toBeLessThanOrEqual(4_096);
    }),
    { numRuns: rounds(10_000) },
  );
});

test('[TK1] [TK3] the seed’s own messages are complete, kept as they are, and recognised whatever the order of their members', () => {
  for (const message of seedReports) {
    const parsed = parseReport(message);
    expect(parsed).toMatchObject({ ok: true, message });
    expect(parsed.ok && missingFields(parsed.message)).toEqual([]);
    const turned = parseReport(Object.fromEntries(Object.entries({ ...message }).reverse()));
    expect(turned).toMatchObject({ ok: true, hash: parsed.ok ? parsed.hash : '' });
    expect(TaskReport.parse({ ...message, more: { of: ['it'] } })).toMatchObject({ more: { of: ['it'] } });
  }
});

test('[TK8] what may be absent is named where it is', () => {
  for (const message of seedReports) {
    const kept = ['type', 'timestamp', 'agent_id', required[message.type]];
    const bare = parseReport(Object.fromEntries(Object.entries(message).filter(([name]) => kept.includes(name))));
    expect(bare.ok && missingFields(bare.message)).toEqual(Object.keys(message).filter((name) => !kept.includes(name)));
  }
});

test('[TK4] a message beyond 256 KiB is too large', () => {
  const parsed = parseReport({ ...seedReports[0], context: 'x'.repeat(256 * 1024) });
  expect(parsed).toMatchObject({ ok: false, error: { code: 'request.too_large' } });
});
