import { z } from 'zod';

const MARK = '\uE000';

/**
 * PostgreSQL's text and jsonb hold every character but U+0000 and lone surrogates, and what people and agents say may
 * contain both. A NUL is written as two characters, of which fromStoredText makes it again; lone surrogates become U+FFFD,
 * as they do in the ledger.
 */
export const toStoredText = (text: string): string =>
  text.toWellFormed().replaceAll(/[\0\uE000]/g, (char) => (char === '\0' ? `${MARK}0` : `${MARK}1`));

export const fromStoredText = (stored: string): string =>
  stored.replaceAll(/\uE000([01])/g, (_, which) => (which === '0' ? '\0' : MARK));

/** JSON for a jsonb column, every text in it as toStoredText writes it. Reading takes StoredText where texts are. */
export const toStoredJson = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) => (typeof member === 'string' ? toStoredText(member) : member));

/** Parses a text that was written so. */
export const StoredText = z.string().transform(fromStoredText);
