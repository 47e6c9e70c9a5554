import type { Draft } from '@/lib/protocol/draft';

/** Order of the inbox: the oldest deadline first, then what has none; the oldest first among those. */
export function inboxOrder(one: Draft, other: Draft): number {
  const due = (draft: Draft) => (draft.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(draft.expiresAt));
  const [first, second] = [due(one), due(other)];
  if (first !== second) return first < second ? -1 : 1;
  const age = Date.parse(one.createdAt) - Date.parse(other.createdAt);
  return age === 0 ? (one.id < other.id ? -1 : 1) : age;
}

/** The list with a draft as it now stands: in its place while it waits, else not in it. Ids stay single. */
export function withDraft(drafts: readonly Draft[], draft: Draft): Draft[] {
  const others = drafts.filter(({ id }) => id !== draft.id);
  if (draft.status !== 'pending') return others;
  const at = others.findIndex((other) => inboxOrder(draft, other) < 0);
  return at < 0 ? [...others, draft] : others.toSpliced(at, 0, draft);
}
