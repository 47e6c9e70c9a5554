import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordDifference } from './word-difference';

const told = (before: string, after: string) =>
  wordDifference(before, after)
    .pieces.map(({ kind, text }) => (kind === 'same' ? text : kind === 'out' ? `[-${text}-]` : `{+${text}+}`))
    .join('');

describe('wordDifference', () => {
  it('tells words apart and keeps together what was changed together', () => {
    const before = 'I’ve been thinking a lot about it. What specific questions about perception are you exploring?';
    const after = 'I’ve been thinking about it. Which single question about perception matters most to you?';
    expect(told(before, after)).toBe(
      'I’ve been thinking [-a lot -]about it. [-What specific questions-]{+Which single question+} about perception [-are you exploring-]{+matters most to you+}?',
    );
    expect(wordDifference(before, after)).toMatchObject({ out: 8, in: 7 });
  });

  it('finds nothing between equal texts, and everything between a text and none', () => {
    expect(wordDifference('the same', 'the same')).toEqual({
      pieces: [{ kind: 'same', text: 'the same' }],
      out: 0,
      in: 0,
    });
    expect(told('gone now', '')).toBe('[-gone now-]');
    expect(told('', 'new now')).toBe('{+new now+}');
    expect(wordDifference('', '')).toEqual({ pieces: [], out: 0, in: 0 });
  });

  it('gives both texts back to the character, whatever they are', () => {
    const word = fc.constantFrom('a', 'b', 'c', ' ', '\n', '.', 'é', '\u200b', '漢字', '👩‍👩‍👧', '\ud800');
    const text = fc.array(word, { maxLength: 60 }).map((words) => words.join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { pieces } = wordDifference(before, after);
        const without = (kind: 'in' | 'out') =>
          pieces
            .filter((piece) => piece.kind !== kind)
            .map((piece) => piece.text)
            .join('');
        expect(without('in')).toBe(before);
        expect(without('out')).toBe(after);
        expect(pieces.every(({ text: piece }) => piece !== '')).toBe(true);
      }),
    );
  });

  it('stays quick on texts of the largest size that have nothing in common', () => {
    const [before, after] = ['one '.repeat(30_000), 'two '.repeat(30_000)];
    const { pieces } = wordDifference(before, after);
    expect(pieces.map(({ kind }) => kind)).toEqual(['out', 'in']);
  });
});
