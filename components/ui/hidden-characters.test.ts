import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitHidden } from './hidden-characters';

const shown = (text: string) =>
  splitHidden(text)
    .map((piece) => (piece.kind === 'text' ? piece.text : `[${piece.code}]`))
    .join('');

test('what is visible stays as it is', () => {
  for (const text of ['', 'Hello, Bob.\n\tYes', 'ΑΩ ñ 漢字 שלום مرحبا', '👩🏽‍🚀 ❤️ 🏳️‍🌈 1️⃣', 'می‌خواهم', 'क्‍ष']) {
    expect(shown(text)).toBe(text);
  }
});

test('characters that would not be seen are shown by code', () => {
  expect(shown('a\u200bb')).toBe('a[U+200B]b');
  expect(shown('pay\u202e001\u202c')).toBe('pay[U+202E]001[U+202C]');
  expect(shown('x\u2066y\u2069\ufeff')).toBe('x[U+2066]y[U+2069][U+FEFF]');
  expect(shown('a\u00adb\u3164\u034f')).toBe('a[U+00AD]b[U+3164][U+034F]');
});

test('control characters are shown by their pictures, U+0000 as U+2400', () => {
  expect(shown('a\u0000b\u001b[31m\u007f\u0085')).toBe('a[\u2400]b[\u241b][31m[\u2421][U+0085]');
  expect(shown('one\r\ntwo\rthree')).toBe('one\ntwo[\u240d]three');
});

test('text smuggled in tags and selectors comes to light', () => {
  expect(shown('hi\u{e0068}\u{e0069}')).toBe('hi[U+E0068][U+E0069]');
  expect(shown('a\ufe0fb')).toBe('a[U+FE0F]b');
  expect(shown('❤\ufe0f\ufe0f\u{e0101}')).toBe('❤\ufe0f[U+FE0F][U+E0101]');
});

test('a joiner is hidden only where it belongs', () => {
  expect(shown('a\u200db')).toBe('a[U+200D]b');
  expect(shown('👩\u200d')).toBe('👩[U+200D]');
  expect(shown('\u200c\u200c')).toBe('[U+200C][U+200C]');
});

test('lone surrogates are shown', () => {
  expect(shown('a\ud800b\udc00')).toBe('a[U+D800]b[U+DC00]');
});

test('nothing is dropped or added', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const joined = splitHidden(text)
        .map((piece) => piece.text)
        .join('');
      expect(joined).toBe(text.replaceAll('\r\n', '\n'));
    }),
  );
});
