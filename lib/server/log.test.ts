import { expect, test } from 'vitest';
import { startProgram } from '@/lib/testing/start-program';
import { toReadableLine } from './log-lines';

test('a line for people has time, level, message, members and the stack of an error', () => {
  const line = { level: 40, time: Date.UTC(2026, 10, 20, 9, 5, 7), msg: 'slow', pid: 7, server: 'home' };
  expect(toReadableLine(JSON.stringify(line))).toBe('09:05:07 WARN  slow pid=7 server="home"\n');
  const failed = { ...line, level: 50, err: { message: 'no', stack: 'Error: no\n    at here' } };
  expect(toReadableLine(JSON.stringify(failed))).toContain('\n  Error: no\n    at here\n');
});

test('the log is JSON lines without what is secret, and announcements are plain', async () => {
  const program = startProgram('lib/testing/log-program.ts');
  expect(await program.exited).toBe(0);
  const [logged = '', plain] = program.stdout().trim().split('\n').sort().reverse();
  expect(plain).toBe('Parley is ready at http://127.0.0.1:3000');
  expect(JSON.parse(logged)).toMatchObject({
    level: 30,
    msg: 'connected',
    token: '[secret]',
    at: { password: '[secret]' },
  });
  expect(program.stdout()).not.toContain('hush');
});
