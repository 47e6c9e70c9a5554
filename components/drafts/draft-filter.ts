import { endedAt } from '@/lib/client/draft-queries';
import { inboxOrder } from '@/lib/domain/draft/draft-order';
import type { Draft } from '@/lib/protocol/draft';

export const shows = ['waiting', 'decided'] as const;
export type Show = (typeof shows)[number];

/** One direction, as it stands in the address: by agents, or from an agent to a tool. */
export const edgeKey = ({ from, to }: Pick<Draft, 'from' | 'to'>): string =>
  `${from.agentId}>${to.agentId ?? `tool:${to.name}`}`;

/** Delivery failed and a person can have it tried again: it waits for somebody, too. */
export const needsRetry = ({ dispatch }: Draft): boolean => dispatch?.state === 'failed' && dispatch.canRetry;

/** What the inbox lists: of one direction where one is chosen, with every word that is typed. */
export function filterDrafts(drafts: readonly Draft[], edge: string | null, text: string): Draft[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return drafts.filter((draft) => {
    if (edge !== null && edgeKey(draft) !== edge) return false;
    if (words.length === 0) return true;
    const told = `${draft.from.name} ${draft.to.name} ${draft.content} ${draft.why}`.toLowerCase();
    return words.every((word) => told.includes(word));
  });
}

/** What waits for a person: failed deliveries first, then what is undecided by its deadline. */
export const waitingOf = (waiting: readonly Draft[], decided: readonly Draft[]): Draft[] => [
  ...decided.filter(needsRetry),
  ...[...waiting].sort(inboxOrder),
];

/** The directions among drafts, each with one of its drafts to name it by, busiest first. */
export function edgesAmong(drafts: readonly Draft[]): { key: string; draft: Draft; count: number }[] {
  const edges = Map.groupBy(drafts, edgeKey);
  return [...edges]
    .flatMap(([key, [draft, ...others]]) => (draft ? [{ key, draft, count: others.length + 1 }] : []))
    .sort((one, other) => other.count - one.count);
}

/** The draft to go to when `id` leaves the list: the one after it, else the one before, else none. */
export function nextAfter(order: readonly string[], id: string): string | null {
  const index = order.indexOf(id);
  if (index < 0) return order[0] ?? null;
  return order[index + 1] ?? order[index - 1] ?? null;
}

/** Those that came to their end since midnight, in the reader's time zone. */
export function endedToday(drafts: readonly Draft[]): Draft[] {
  const midnight = new Date().setHours(0, 0, 0, 0);
  return drafts.filter((draft) => endedAt(draft) >= midnight);
}
