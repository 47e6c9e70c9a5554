import type { JsonValue } from '@/lib/protocol/json';

const NAMED_ESCAPES: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = [...text].map((character) => {
    if (character === quote) return `\\${character}`;
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 && !NAMED_ESCAPES[character]) return `\\x${code.toString(16).padStart(2, '0')}`;
    return NAMED_ESCAPES[character] ?? character;
  });
  return `${quote}${escaped.join('')}${quote}`;
}

/** A value as Python's repr() writes it. The server puts such text into tool returns and error details. */
export function pythonRepr(value: JsonValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  const members = Object.entries(value).map(([key, member]) => `${quoted(key)}: ${pythonRepr(member)}`);
  return `{${members.join(', ')}}`;
}

/** As pythonRepr, but a list in round brackets: `('path', 'agent_id')`. */
export const pythonTuple = (values: JsonValue[]): string =>
  `(${values.map(pythonRepr).join(', ')}${values.length === 1 ? ',' : ''})`;

const asciiOnly = (json: string) =>
  json.replace(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * A value as Python's json.dumps() writes it: a space after each comma and colon, everything beyond ASCII escaped.
 * The server rewrites the arguments of a call that it ran in this way, so they differ from what was streamed.
 */
export function pythonJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, member]) => `${asciiOnly(JSON.stringify(key))}: ${pythonJson(member)}`)
      .join(', ')}}`;
  }
  return asciiOnly(JSON.stringify(value));
}

const STRING = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/gs;
const ESCAPED = /\\(x[0-9a-f]{2}|.)/gs;

const unescaped = (text: string) =>
  text.replace(ESCAPED, (_, written: string) => {
    if (written.length === 3) return String.fromCharCode(Number.parseInt(written.slice(1), 16));
    const named = Object.entries(NAMED_ESCAPES).find(([, escaped]) => escaped === `\\${written}`);
    return named ? named[0] : written;
  });

/** Every string that occurs in the text of a Python literal, in order, dictionary keys included. */
export const pythonStrings = (literal: string): string[] =>
  [...literal.matchAll(STRING)].map((match) => unescaped(match[1] ?? match[2] ?? ''));
