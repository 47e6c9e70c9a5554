import fc from 'fast-check';
import { expect, test } from 'vitest';
import { missingFields, TaskReport } from '@/lib/protocol/task-message';
import { malformedReport, namingField } from '@/lib/testing/malformed-report';
import { rounds } from '@/lib/testing/rounds';
import { seedReports } from '@/lib/testing/seed-reports';
import { parseReport } from './parse-report';

test('[TK4] of 10,000 malformed reports none is accepted, and each is told the field at fault', () => {
  fc.assert(
    fc.property(malformedReport, ({ message, field }) => {
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

test('[TK4] a member that could not be kept is refused, and the report with it', () => {
  const report = JSON.parse(`${JSON.stringify(seedReports[0]).slice(0, -1)},"more":{"__proto__":{"a":1}}}`);
  expect(parseReport(report)).toMatchObject({
    ok: false,
    error: { code: 'request.invalid' },
    raw: expect.stringContaining('__proto__'),
  });
});

test('[TK8] what may be absent is named where it is', () => {
  for (const message of seedReports) {
    const kept = ['type', 'timestamp', 'agent_id', namingField[message.type]];
    const bare = parseReport(Object.fromEntries(Object.entries(message).filter(([name]) => kept.includes(name))));
    expect(bare.ok && missingFields(bare.message)).toEqual(Object.keys(message).filter((name) => !kept.includes(name)));
  }
});

test('[TK4] a message beyond 256 KiB is too large', () => {
  const parsed = parseReport({ ...seedReports[0], context: 'x'.repeat(256 * 1024) });
  expect(parsed).toMatchObject({ ok: false, error: { code: 'request.too_large' } });
});
