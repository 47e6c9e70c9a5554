import { expect, test } from 'vitest';
import { suggestedName, toServerName } from './server-name';

test('what is typed becomes a name', () => {
  expect(toServerName('Home server')).toBe('home-server');
  expect(toServerName('--Büro 2')).toBe('b-ro-2');
  expect(toServerName('x'.repeat(60))).toHaveLength(40);
});

test('an address suggests a name', () => {
  expect(suggestedName('https://api.letta.com')).toBe('letta-com');
  expect(suggestedName('ws://127.0.0.1:4500/ws')).toBe('home');
  expect(suggestedName('ws://192.168.1.20:4500')).toBe('192-168-1-20');
  expect(suggestedName('nonsense')).toBe('');
});
