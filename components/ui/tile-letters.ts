const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The first `count` letters or digits of a name, the first in upper case; `?` for a name without any. */
export function tileLetters(name: string, count = 1): string {
  const letters = [...graphemes.segment(name)].map((part) => part.segment).filter((part) => /[\p{L}\p{N}]/u.test(part));
  const [first, ...rest] = letters.slice(0, count);
  return first === undefined ? '?' : first.toLocaleUpperCase('en') + rest.join('');
}

/** One letter for each name of a group; two where the first letter was taken by an earlier one. */
export function tileLettersAmong(names: string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const one = tileLetters(name);
    const letters = taken.has(one) ? tileLetters(name, 2) : one;
    taken.add(letters);
    return letters;
  });
}

/** Initials of a person: first letters of the first and the last word. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const first = words[0];
  const last = words.length > 1 ? words.at(-1) : undefined;
  return `${first === undefined ? '?' : tileLetters(first)}${last === undefined ? '' : tileLetters(last)}`;
}
