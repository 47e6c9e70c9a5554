import { z } from 'zod';

const MESSAGE_BYTES_MAX = 256 * 1024;
const encoder = new TextEncoder();

const withoutNul = (value: string) => !value.includes('\u0000');

/** A name or title that a person gives: trimmed, 1–200 characters, no U+0000. */
export const Name = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(200, 'at most 200 characters')
  .refine(withoutNul, 'must not contain U+0000');

/** Text for an agent, at most 256 KiB of UTF-8. U+0000 is kept: it is payload, not a name. */
export const MessageText = z
  .string()
  .min(1, 'must not be empty')
  .refine((text) => encoder.encode(text).length <= MESSAGE_BYTES_MAX, {
    message: 'at most 256 KiB',
    params: { tooLarge: true },
  });

/** ISO-8601 in UTC with milliseconds, as every time on the wire. */
export const Timestamp = z.iso.datetime({ precision: 3 });

/** A time that a client names, with any offset; parsed, it is in UTC. The years are those that all calendars here know. */
export const Instant = z.iso.datetime({ offset: true }).transform((time, context) => {
  const utc = new Date(time).toISOString();
  if (/^(?!0000)\d{4}-/.test(utc)) return utc;
  context.addIssue({ code: 'custom', message: 'must be in the years 1 to 9999' });
  return z.NEVER;
});
