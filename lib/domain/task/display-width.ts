const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** East Asian Wide and Fullwidth, as UAX #11 has them, in ranges of code points. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x17000, 0x18cff],
  [0x1b000, 0x1b2ff],
  [0x20000, 0x3fffd],
];

const isWide = (codePoint: number): boolean => WIDE.some(([first, last]) => codePoint >= first && codePoint <= last);

/** Columns of one character as a person sees it. */
function widthOf(grapheme: string): number {
  if (/\p{Emoji_Presentation}|\u{FE0F}/u.test(grapheme)) return 2;
  const visible = grapheme.replace(/[\p{Mark}\p{Default_Ignorable_Code_Point}]/gu, '');
  return [...visible].reduce((sum, char) => sum + (isWide(char.codePointAt(0) ?? 0) ? 2 : 1), 0);
}

/** Columns that a text without control characters takes in a terminal. */
export const displayWidth = (text: string): number =>
  [...segmenter.segment(text)].reduce((sum, { segment }) => sum + widthOf(segment), 0);

/**
 * Cuts a text into lines of at most `columns`, between words where that is possible. A word that is too long is cut
 * between characters.
 */
export function wrapText(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  const push = () => {
    lines.push(line.trimEnd());
    line = '';
    width = 0;
  };
  for (const word of text.split(/(?<= )/u)) {
    const wide = displayWidth(word.trimEnd());
    if (width > 0 && width + wide > columns) push();
    for (const { segment } of segmenter.segment(word)) {
      const own = widthOf(segment);
      if (width + own > columns) {
        if (segment === ' ') continue;
        push();
      }
      line += segment;
      width += own;
    }
  }
  push();
  return lines;
}

const CONTROL_PICTURES = 0x2400;
const DELETE = 0x7f;

/**
 * A text of an agent, made fit for a terminal: what would move the cursor, colour the screen or turn the direction of
 * writing is shown as a sign or left out; line breaks and tabs become spaces.
 */
export const harmless = (text: string): string =>
  text
    .replace(/[\t\n\r]+/g, ' ')
    .replace(/\p{Cc}/gu, (char) => {
      const code = char.codePointAt(0) ?? 0;
      if (code === DELETE) return '\u2421';
      return code < 0x20 ? String.fromCodePoint(CONTROL_PICTURES + code) : '\uFFFD';
    })
    .replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\u2028\u2029]/g, '');
