import { expect, test } from 'vitest';
import type { DoctorReport } from '@/lib/protocol/doctor';
import { allPassed, blamedField, reportText, summaryText } from './doctor-words';

const refused: DoctorReport = {
  checks: [
    { name: 'Open TCP 192.0.2.1:4500', detail: '', state: 'passed', ms: 0.8 },
    { name: 'Present the token', detail: 'GET /app-server-info came back 401', state: 'failed', ms: 22 },
    { name: 'List agents', detail: '', state: 'not_tried', ms: null },
  ],
  cameBack: 'HTTP/1.1 401 Unauthorized',
  advice: 'Paste the token.',
};

test('the summary says where it stopped', () => {
  expect(summaryText(refused)).toBe('3 checks, stopped at the 2nd after 23 ms');
  const passed = { ...refused, checks: refused.checks.slice(0, 1) };
  expect(summaryText(passed)).toBe('1 check passed in 0.8 ms');
  expect(allPassed(passed)).toBe(true);
  expect(allPassed(refused)).toBe(false);
});

test('a 401 is the token, anything else the address', () => {
  expect(blamedField(refused)).toEqual({ field: 'token', message: 'The server refused this token (401).' });
  const away: DoctorReport = {
    checks: [{ name: 'Open TCP 192.0.2.1:4500', detail: 'no answer in 5 s', state: 'failed', ms: 5_000 }],
    cameBack: null,
    advice: null,
  };
  expect(blamedField(away)).toEqual({ field: 'url', message: 'no answer in 5 s' });
  expect(blamedField({ ...away, checks: [] })).toBeNull();
});

test('the report as text holds everything', () => {
  expect(reportText(refused)).toBe(
    [
      'Parley doctor: 3 checks, stopped at the 2nd after 23 ms',
      '[ok]   Open TCP 192.0.2.1:4500 (0.8 ms)',
      '[fail] Present the token (22 ms): GET /app-server-info came back 401',
      '[ - ]  List agents (not tried)',
      '',
      'What came back:',
      'HTTP/1.1 401 Unauthorized',
      '',
      'What to do:',
      'Paste the token.',
    ].join('\n'),
  );
});
