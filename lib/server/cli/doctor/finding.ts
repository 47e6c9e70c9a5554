/**
 * What the doctor found out about one thing. `well`: as it should be. `note`: worth knowing, nothing to mend.
 * `broken`: keeps Parley from working, and `todo` says what to do about it.
 */
export type Finding = { about: string; said: string } & (
  | { state: 'well' | 'note' }
  | { state: 'broken'; todo: string }
);

/** A finding about something whose check itself failed, from the error's own words: what is wrong, then what to do. */
export function brokenBy(about: string, error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  const [said = message, ...rest] = message.split('\n');
  return { about, state: 'broken', said, todo: rest.join(' ').trim() || 'see the message' };
}
