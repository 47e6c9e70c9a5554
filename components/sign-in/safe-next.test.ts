import { expect, test } from 'vitest';
import { safeNext } from './safe-next';

test('a path of our own is kept', () => {
  expect(safeNext('/agents/agent-1?q=a#b')).toBe('/agents/agent-1?q=a#b');
});

test('whatever leads elsewhere leads to the first page', () => {
  for (const next of [
    undefined,
    '',
    'agents',
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '/sign-in?next=/sign-in',
  ]) {
    expect(safeNext(next), String(next)).toBe('/');
  }
});
