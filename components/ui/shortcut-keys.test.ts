import { expect, test } from 'vitest';
import { keysText, matchesStep } from './shortcut-keys';

const press = (key: string, held: Partial<Record<'metaKey' | 'ctrlKey' | 'altKey' | 'shiftKey', boolean>> = {}) => ({
  key,
  metaKey: false,
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

test('letters match without modifiers only', () => {
  expect(matchesStep('a', press('a'), true)).toBe(true);
  expect(matchesStep('a', press('A', { shiftKey: true }), true)).toBe(false);
  expect(matchesStep('a', press('a', { metaKey: true }), true)).toBe(false);
  expect(matchesStep('a', press('a', { altKey: true }), true)).toBe(false);
});

test('a sign needs no particular layout', () => {
  expect(matchesStep('?', press('?', { shiftKey: true }), false)).toBe(true);
  expect(matchesStep('?', press('?'), false)).toBe(true);
  expect(matchesStep('[', press('[', { altKey: true }), false)).toBe(false);
});

test('mod is the command key on Apple machines and Ctrl elsewhere', () => {
  expect(matchesStep('mod+k', press('k', { metaKey: true }), true)).toBe(true);
  expect(matchesStep('mod+k', press('k', { ctrlKey: true }), true)).toBe(false);
  expect(matchesStep('mod+k', press('k', { ctrlKey: true }), false)).toBe(true);
  expect(matchesStep('mod+shift+j', press('J', { ctrlKey: true, shiftKey: true }), false)).toBe(true);
  expect(matchesStep('mod+enter', press('Enter', { ctrlKey: true }), false)).toBe(true);
});

test('keycaps', () => {
  expect(keysText('mod+shift+j', true)).toBe('⌘⇧J');
  expect(keysText('mod+k', false)).toBe('Ctrl K');
  expect(keysText('g o', true)).toBe('G O');
  expect(keysText('mod+enter', true)).toBe('⌘⏎');
});
