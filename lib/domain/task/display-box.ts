import { displayWidth, harmless, wrapText } from './display-width';

/** Columns of a box of seed 001, borders included. */
export const BOX_COLUMNS = 61;
const INSIDE = BOX_COLUMNS - 2;
const LINES_MAX = 6;

/** Colours for a terminal, or none. */
export type Paint = { bold(text: string): string; dim(text: string): string; good(text: string): string };

export const plain: Paint = { bold: (text) => text, dim: (text) => text, good: (text) => text };

const sgr = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;
export const ansi: Paint = { bold: sgr(1), dim: sgr(2), good: sgr(32) };

const padded = (text: string): string => `${text}${' '.repeat(Math.max(0, INSIDE - displayWidth(text)))}`;

/** One row of a box: a name and its value, which goes on in further rows where it is long. */
function rows(name: string, value: string): string[] {
  const [first = '', ...others] = wrapText(`${name}: ${harmless(value)}`, INSIDE - 2);
  const rest = others.length > 0 ? wrapText(others.join(' '), INSIDE - 4) : [];
  const shown = rest.length >= LINES_MAX ? [...rest.slice(0, LINES_MAX - 1), '…'] : rest;
  return [` ${first}`, ...shown.map((line) => `   ${line}`)];
}

/** A box of seed 001: a title with so many spaces before it, and rows of names and values; absent values are left out. */
export function drawBox(
  title: { text: string; indent: number },
  values: readonly (readonly [name: string, value: string | null])[],
  paint: Paint,
): string[] {
  const border = (text: string) => paint.dim(text);
  const inside = (text: string, draw = (each: string) => each) => `${border('║')}${draw(padded(text))}${border('║')}`;
  const bar = '═'.repeat(INSIDE);
  const lines = values.flatMap(([name, value]) => (value === null ? [] : rows(name, value)));
  return [
    border(`╔${bar}╗`),
    inside(`${' '.repeat(title.indent)}${title.text}`, paint.bold),
    border(`╠${bar}╣`),
    ...lines.map((line) => inside(line)),
    border(`╚${bar}╝`),
  ];
}
