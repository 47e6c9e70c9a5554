import type { Draft, DraftStatus, VerdictKind } from '@/lib/protocol/draft';

/** The key of each answer, everywhere. */
export const verdictKeys = {
  approve: 'a',
  edit: 'e',
  respond: 'r',
  reject: 'd',
  ignore: 'i',
} as const satisfies Record<VerdictKind, string>;

/** What a draft came to, as the first word of a sentence. */
export const statusWords = {
  pending: 'Waits',
  approved: 'Approved',
  edited: 'Edited',
  responded: 'Answered',
  rejected: 'Rejected',
  ignored: 'Ignored',
  expired: 'Expired',
  withdrawn: 'Withdrawn',
} as const satisfies Record<DraftStatus, string>;

export const verdictLabels = {
  approve: 'Approve',
  edit: 'Edit',
  respond: 'Respond',
  reject: 'Reject',
  ignore: 'Ignore',
} as const satisfies Record<VerdictKind, string>;

/** What a person did, behind their name: `Mira Okafor approved`. */
export const givenWords = {
  approve: 'approved',
  edit: 'edited',
  respond: 'answered',
  reject: 'rejected',
  ignore: 'ignored',
} as const satisfies Record<VerdictKind, string>;

/** What follows from an answer, in one or two sentences, before it is given. */
export function whatItDoes(draft: Draft, verdict: VerdictKind): string {
  const [from, to] = [draft.from.name, draft.to.name];
  const isCall = draft.kind === 'tool_call';
  const stays = isCall ? `${to} does not run.` : `Nothing goes to ${to}.`;
  switch (verdict) {
    case 'approve':
      return approving(draft);
    case 'edit':
      return isCall
        ? `${to} runs with your arguments. ${from} is told that you changed them.`
        : `${to} receives your text, marked as edited by you. ${from} is told what changed.`;
    case 'respond':
      return `${stays} ${from} reads your answer${draft.toolCall ? ' as the result of the call' : ' instead'}.`;
    case 'reject':
      return `${stays} ${from} sees the reason and may try again.`;
    case 'ignore':
      return `${isCall ? stays : 'Nothing goes to anyone.'} ${from} goes on without it; the ledger keeps the text.`;
  }
}

function approving(draft: Draft): string {
  const [from, to] = [draft.from.name, draft.to.name];
  if (draft.reviewers > 1 && approvals(draft) + 1 < draft.reviewers)
    return `Yours is the first of two: nothing leaves until a second person approves it, too.`;
  const undo = draft.undoSeconds > 0 ? ` after an undo window of ${draft.undoSeconds} s` : ' at once';
  return draft.kind === 'tool_call'
    ? `${to} runs with exactly these arguments${undo}.`
    : `${to} receives ${from}’s words${undo}.`;
}

const approvals = ({ verdictsGiven }: Draft) => verdictsGiven.filter(({ verdict }) => verdict === 'approve').length;

const words = {
  leaving: 'Leaves the conversation',
  approval: 'Asks for approval in Letta',
  rule: 'Standing rule',
  quarantine: 'Late output, released',
} as const satisfies Record<Exclude<Draft['heldBy'], 'edge'>, string>;

/** Why it waits, in two or three words for a list: `Review edge`. */
export function heldWords({ heldBy, expiresAt }: Pick<Draft, 'heldBy' | 'expiresAt'>): string {
  if (heldBy === 'edge') return expiresAt === null ? 'Edge on hold' : 'Review edge';
  return words[heldBy];
}

/** Where a draft stands that needs two people: `1 of 2: Jonas Feld approved`; null for all others. */
export function twoPersonWords(draft: Draft): string | null {
  if (draft.reviewers < 2 || draft.status !== 'pending') return null;
  const names = draft.verdictsGiven.filter(({ verdict }) => verdict === 'approve').map(({ name }) => name);
  return names.length === 0 ? 'Two people' : `${names.length} of ${draft.reviewers}: ${names.join(', ')} approved`;
}

/** A hash as people compare it: `9f3a71c2 55e0b8d4…0b4e`. */
export const hashText = (hash: string): string => `${hash.slice(0, 8)} ${hash.slice(8, 16)}…${hash.slice(-4)}`;

/** The same for a card in the channel: `9f3a 71c2…0b4e`. */
export const shortHashText = (hash: string): string => `${hash.slice(0, 4)} ${hash.slice(4, 8)}…${hash.slice(-4)}`;

/** `Mira is looking at this too`; of more than two the first by name and how many others. */
export function alsoLookingText(others: Draft['viewers']): string {
  const [one, two, ...more] = others.map(({ name }) => name);
  if (one === undefined) return '';
  if (two === undefined) return `${one} is looking at this too`;
  return more.length === 0
    ? `${one} and ${two} are looking at this too`
    : `${one} and ${more.length + 1} others are looking at this too`;
}
