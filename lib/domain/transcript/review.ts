import type { DraftStatus } from '@/lib/protocol/draft';
import type { EntryOf } from '@/lib/protocol/entry';
import type { DraftId, SeatId } from '@/lib/protocol/ids';
import type { Placed } from './placed-list';

/** What a pointer of a conversation's stream said of a draft: that it waits, or no longer does. */
export type ReviewStep = Placed & { draftId: DraftId; at: string } & (
    | { kind: 'parked' }
    | { kind: 'settled'; status: DraftStatus; by: string | null }
  );

/** How a draft stands by what was last said of it. `by`: the person who decided; null where nobody did. */
export type Review = {
  draftId: DraftId;
  /** When it was last parked, ISO-8601; null where only its end is loaded. */
  parkedAt: string | null;
  settled: { status: DraftStatus; by: string | null; at: string } | null;
};

type DraftPointer = EntryOf<'draft.parked'> | EntryOf<'draft.settled'>;

/** The step that a pointer tells; `place` is its entry's place on the axis. */
export function reviewStep(entry: DraftPointer, place: number): ReviewStep {
  const step = { draftId: entry.payload.draftId, at: entry.occurredAt, place };
  if (entry.type === 'draft.parked') return { ...step, kind: 'parked' };
  const { status, personId } = entry.payload;
  return { ...step, kind: 'settled', status, by: personId === null ? null : entry.actor.name };
}

export const isReviewStep = <Other extends { kind: string }>(step: Other | ReviewStep): step is ReviewStep =>
  step.kind === 'parked' || step.kind === 'settled';

/** How the draft stands after these steps, which ascend by place; null where none of them is about a draft. */
export function reviewOf(steps: readonly (ReviewStep | { kind: string })[]): Review | null {
  const told = steps.filter(isReviewStep);
  const last = told.at(-1);
  if (!last) return null;
  const parkedAt = told.findLast(({ kind }) => kind === 'parked')?.at ?? null;
  const settled = last.kind === 'settled' ? { status: last.status, by: last.by, at: last.at } : null;
  return { draftId: last.draftId, parkedAt, settled };
}

/** Whether a draft that ended so went on to its receiver. */
export const goesOut = (status: DraftStatus): boolean => status === 'approved' || status === 'edited';

/** A call of a tool that waits for a person, or did: in the channel by itself, for no message carries it. */
export type ParkedCall = Placed & {
  draftId: DraftId;
  seat: SeatId | null;
  seq: number;
  at: string;
  steps: readonly ReviewStep[];
};

/** The call with what one pointer says of it; the same whatever the order in which pointers are told. */
export function withPointer(old: ParkedCall | undefined, news: ParkedCall): ParkedCall {
  if (!old) return news;
  const first = news.place < old.place ? news : old;
  const steps = [...old.steps, ...news.steps].sort((one, other) => one.place - other.place);
  return { ...first, seat: old.seat ?? news.seat, steps };
}
