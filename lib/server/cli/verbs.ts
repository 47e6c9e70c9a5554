import type { Verb } from './verb';

type Entry = { summary: string; load: () => Promise<{ verb: Verb }> };

/** Every command: its words, what `--help` says of it, and its file, loaded only when it is called. */
export const verbs: Readonly<Record<string, Entry>> = {
  'sign-in-link': { summary: 'prints a link that signs in once', load: () => import('./verbs/sign-in-link') },
  'key create': { summary: 'makes an API key and prints it', load: () => import('./verbs/key-create') },
  'audit verify': { summary: 'checks an export, or the ledger itself', load: () => import('./verbs/audit-verify') },
  'audit export': { summary: 'writes the ledger with its proofs', load: () => import('./verbs/audit-export') },
  'task show': { summary: 'prints how a task stands, and follows it', load: () => import('./verbs/task-show') },
  doctor: { summary: 'finds what keeps Parley from working and says what to do', load: () => import('./verbs/doctor') },
};
