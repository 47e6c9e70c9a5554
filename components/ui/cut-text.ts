/**
 * A text of at most `max` characters as it is; of a longer one the beginning, with `end` behind it. Never half a character
 * (a surrogate without its other one): that would be shown as a hidden one that nobody wrote.
 */
export const cutText = (text: string, max: number, end = ''): string =>
  text.length <= max ? text : `${text.slice(0, max - end.length).replace(/[\ud800-\udbff]$/, '')}${end}`;

/** Far beyond what a line shows. */
const LINE_MAX = 400;

/** The beginning of a text on one line, for a row that shows no more of it. */
export const oneLine = (text: string): string => cutText(text, LINE_MAX).replace(/\s+/g, ' ').trim();
