/** A piece of a text: shown as it is, or one character that would not be seen, with what stands in its place. */
type TextPiece = { kind: 'text'; text: string } | { kind: 'hidden'; text: string; code: string; name: string };

const names: Record<number, string> = {
  173: 'soft hyphen',
  847: 'grapheme joiner',
  1564: 'Arabic letter mark',
  6158: 'Mongolian vowel separator',
  8203: 'zero width space',
  8204: 'zero width non-joiner',
  8205: 'zero width joiner',
  8206: 'left-to-right mark',
  8207: 'right-to-left mark',
  8232: 'line separator',
  8233: 'paragraph separator',
  8234: 'left-to-right embedding',
  8235: 'right-to-left embedding',
  8236: 'end of direction',
  8237: 'left-to-right override',
  8238: 'right-to-left override',
  8288: 'word joiner',
  8294: 'left-to-right isolate',
  8295: 'right-to-left isolate',
  8296: 'first strong isolate',
  8297: 'end of isolate',
  65279: 'zero width no-break space',
};

/*
 * Controls but tab and newline; what Unicode calls default-ignorable (zero-width, bidi, tags that can smuggle text past
 * a reader); fillers that draw nothing; lone surrogates. Built from code points so that none of them stands in this file.
 */
const ranges: [number, number][] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x2800, 0x2800],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xd800, 0xdfff],
  [0xe0000, 0xe0fff],
];

const isHidden = (code: number) => ranges.some(([first, last]) => code >= first && code <= last);
const escaped = ([first, last]: [number, number]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`;
const anyHidden = new RegExp(`[${ranges.map(escaped).join('')}]`, 'u');

const hex = (code: number) => `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;

/** What stands for a control character: its own picture (U+0000 is ␀), or its code. */
function standIn(code: number): string {
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? '\u2421' : hex(code);
}

const joinsEmoji = (before: string, after: string) =>
  /(\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u{fe0f})$/u.test(before) && /^\p{Extended_Pictographic}/u.test(after);
const joinsLetters = (before: string, after: string) =>
  /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Malayalam}\p{Script=Kannada}\p{Script=Telugu}\p{Script=Sinhala}]\p{M}*$/u.test(
    before,
  ) && /^[\p{L}\p{M}]/u.test(after);

const takesPresentation = (before: string) => /[\p{Extended_Pictographic}\p{Regional_Indicator}0-9#*]$/u.test(before);

/**
 * A joiner has a right place between the parts of one emoji and between letters of scripts that need it; the two
 * presentation selectors have theirs once, after what can be drawn either way.
 */
function isRightful(code: number, before: string, after: string): boolean {
  if (code === 0xfe0e || code === 0xfe0f) return takesPresentation(before);
  if (code === 0x200d) return joinsEmoji(before, after) || joinsLetters(before, after);
  return code === 0x200c && joinsLetters(before, after);
}

const CONTEXT = 8;

/**
 * Parts a text of an agent into what is seen and what is not. Nothing is dropped: the `text` of all pieces, joined, is
 * the text (with CRLF as one newline, as a screen shows it).
 */
export function splitHidden(text: string): TextPiece[] {
  const source = text.replaceAll('\r\n', '\n');
  if (!anyHidden.test(source)) return source === '' ? [] : [{ kind: 'text', text: source }];
  const pieces: TextPiece[] = [];
  let plain = '';
  for (let index = 0; index < source.length; ) {
    const code = source.codePointAt(index) ?? 0;
    const character = String.fromCodePoint(code);
    const after = index + character.length;
    const seen =
      !isHidden(code) ||
      isRightful(code, source.slice(Math.max(0, index - CONTEXT), index), source.slice(after, after + CONTEXT));
    if (seen) plain += character;
    else {
      if (plain) pieces.push({ kind: 'text', text: plain });
      plain = '';
      pieces.push({
        kind: 'hidden',
        text: character,
        code: standIn(code),
        name: `${hex(code)} ${names[code] ?? ''}`.trim(),
      });
    }
    index = after;
  }
  if (plain) pieces.push({ kind: 'text', text: plain });
  return pieces;
}

/** Text for where no element can stand, such as a placeholder: what would not be seen is written out (`U+202E`). */
export const withHiddenWrittenOut = (text: string): string =>
  splitHidden(text)
    .map((piece) => (piece.kind === 'text' ? piece.text : piece.code))
    .join('');
