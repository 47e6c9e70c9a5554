/**
 * SQL that reads a text column as JSON of which members are asked. PostgreSQL refuses every question to a JSON text that
 * holds U+0000 anywhere, also where the answer is another member; here it reads as U+2400. A backslash followed by the
 * letters `u0000` is left alone.
 */
export const jsonOfText = (column: string): string =>
  `(CASE WHEN strpos(${column}, '\\u0000') = 0 THEN ${column}
    ELSE regexp_replace(${column}, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000', '\\1\\\\u2400', 'g') END)::json`;
