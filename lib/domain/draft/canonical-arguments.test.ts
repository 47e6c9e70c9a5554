import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalArguments } from './canonical-arguments';

describe('arguments of a call', () => {
  test('[DR23] are shown in one form, however they were written', () => {
    expect(canonicalArguments('{ "b" : [1.50, 2e2, -0, "1e999: \\" 9007199254740993"],"a":{"b":true} }')).toBe(
      '{"a":{"b":true},"b":[1.5,200,0,"1e999: \\" 9007199254740993"]}',
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (given) => {
        const text = JSON.stringify(given, null, 2);
        expect(JSON.parse(canonicalArguments(text))).toEqual(JSON.parse(text));
        expect(canonicalArguments(canonicalArguments(text))).toBe(canonicalArguments(text));
        expect(canonicalArguments(text)).not.toMatch(/\n/);
      }),
    );
  });

  test.each([
    ['an integer that no double holds', '{"amount":9007199254740993}'],
    ['a number that would be shown as null', '{"amount":1e400}'],
    ['a number that would be shown as 0', '{"amount":1e-400}'],
    ['digits that would be cut', '{"amount":[0.12345678901234567890]}'],
    ['a name that comes twice', '{"to":"Ana","to":"Mallory"}'],
    ['a name that comes twice further in', '[{"a":{"b":1,"b":2}}]'],
    ['a number as long as a book', `{"amount":1${'0'.repeat(100_000)}1}`],
  ])('[DR23] are shown as they were written where another form would say something else: %s', (_, text) => {
    expect(canonicalArguments(text)).toBe(text);
  });
});
