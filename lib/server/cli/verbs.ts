import type { Verb } from './verb';

type Entry = { summary: string; load: () => Promise<{ verb: Verb }> };

/** Every command: its words, what `--help` says of it, and its file, loaded only when it is called. */
export const verbs: Readonly<Record<string, Entry>> = {
  doctor: { summary: 'finds what keeps Parley from working and says what to do', load: () => import('./verbs/doctor') },
};
