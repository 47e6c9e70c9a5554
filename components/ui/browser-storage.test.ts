import { afterEach, expect, test, vi } from 'vitest';
import { storedText, storeText } from './browser-storage';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A browser's storage that takes texts of at most `max` characters. */
function storage(max: number): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    removeItem: (key) => void kept.delete(key),
    setItem(key, text) {
      if (text.length > max) throw new DOMException('More than it takes', 'QuotaExceededError');
      kept.set(key, text);
    },
  };
}

test('a text is kept, for the tab or for good, until it is let go of', () => {
  vi.stubGlobal('window', { localStorage: storage(10), sessionStorage: storage(10) });
  expect(storeText('session', 'name', 'a text')).toBe(true);
  expect(storedText('session', 'name')).toBe('a text');
  expect(storedText('local', 'name')).toBeNull();
  expect(storeText('session', 'name', null)).toBe(true);
  expect(storedText('session', 'name')).toBeNull();
});

test('where a text is more than the browser takes, none is kept rather than an old one', () => {
  vi.stubGlobal('window', { sessionStorage: storage(10) });
  storeText('session', 'name', 'a text');
  expect(storeText('session', 'name', 'a text that became long')).toBe(false);
  expect(storedText('session', 'name')).toBeNull();
});

test('a browser that refuses its storage keeps nothing, and nothing breaks', () => {
  const refuse = () => {
    throw new DOMException('Cookies are refused', 'SecurityError');
  };
  vi.stubGlobal('window', Object.defineProperty({}, 'sessionStorage', { get: refuse }));
  expect(storeText('session', 'name', 'a text')).toBe(false);
  expect(storedText('session', 'name')).toBeNull();
});
