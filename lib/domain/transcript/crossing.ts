import type { ConveyanceId, SeatId, TurnId } from '@/lib/protocol/ids';
import type { Placed } from './placed-list';
import { goesOut, isReviewStep, type ReviewStep, reviewOf } from './review';
import type { Turn } from './seat-turns';

/** What an entry said of a message on its way; `place` orders what was said. */
type Step =
  | ReviewStep
  | (Placed & ({ kind: 'sent' | 'received' | 'retried' } | { kind: 'failed'; outcome: FailedOutcome; reason: string }));
export type FailedOutcome = 'failed' | 'outcome_unknown' | 'refused' | 'dropped';

/** `parked`: it waits for a person, as a draft. `kept_back`: as a draft it came to an end that lets nothing through. */
export type CrossingState = 'sent' | 'delivering' | 'received' | 'answered' | 'parked' | 'kept_back' | FailedOutcome;

/**
 * One message on its way through the channel: both ends, and how it stands. `place` is that of the first entry that told
 * of it. Ends that the loaded history does not hold are null.
 */
export type Crossing = Placed & {
  id: ConveyanceId;
  at: string;
  seq: number;
  /** Seqs of every entry that told of it, ascending. */
  seqs: readonly number[];
  from: SeatId | null;
  to: SeatId | null;
  content: string;
  toName: string | null;
  /** The author's name where it has no seat here and the entries tell it. */
  fromName: string | null;
  /** The person who wrote it, where they sat in the author's seat. */
  spokenBy: string | null;
  /** How the author's call is answered; null as long as only the arrival is known. */
  mode: 'receipt' | 'reply' | 'none' | null;
  /** Row of the author's pane that sends it, and of the receiver's pane where it arrives. */
  authorRow: string | null;
  arrivalRow: string | null;
  sentAt: string | null;
  /** The receiver's turn that carries it. */
  turnId: TurnId | null;
  latencyMs: number | null;
  steps: readonly Step[];
  answer: { status: 'success' | 'error'; text: string; at: string } | null;
};

export type CrossingFacts = Partial<Omit<Crossing, 'id' | 'steps' | 'place' | 'at' | 'seq' | 'seqs'>>;

/** What one entry says of a crossing; `step` where it moves it. */
export type CrossingNews = {
  id: ConveyanceId;
  place: number;
  at: string;
  seq: number;
  facts: CrossingFacts;
  step?: Step;
};

const unknownCrossing = {
  from: null,
  to: null,
  content: '',
  toName: null,
  fromName: null,
  spokenBy: null,
  mode: null,
  authorRow: null,
  arrivalRow: null,
  sentAt: null,
  turnId: null,
  latencyMs: null,
  answer: null,
};

/**
 * The crossing with what an entry says of it. The entry comes after all that told of it so far, or before all: of two
 * that say the same, the later one is right.
 */
export function withNews(old: Crossing | undefined, news: CrossingNews): Crossing {
  const { id, place, at, seq } = news;
  const base = old ?? { ...unknownCrossing, id, place, at, seq, seqs: [], steps: [] };
  const steps = news.step ? [...base.steps, news.step].sort((one, other) => one.place - other.place) : base.steps;
  const seqs = [...base.seqs, seq].sort((one, other) => one - other);
  if (place >= base.place) return { ...base, ...news.facts, steps, seqs };
  const told = Object.fromEntries(Object.entries(base).filter(([, value]) => value !== null && value !== ''));
  return { ...base, ...news.facts, ...told, place, at, seq, seqs, steps };
}

/**
 * How a message stands. Its last step decides; an answered one has been received, or has failed for good. `turn` is the
 * one that carries it, as far as it is known.
 */
export function crossingState(crossing: Crossing, turn?: Turn): CrossingState {
  const review = reviewOf(crossing.steps);
  if (review && !review.settled) return 'parked';
  if (review?.settled && !goesOut(review.settled.status)) return 'kept_back';
  const last = lastMove(crossing);
  if (last?.kind === 'failed') return last.outcome;
  if (crossing.answer) return 'answered';
  if (last?.kind === 'received') return 'received';
  return turn?.started ? 'delivering' : 'sent';
}

const lastMove = ({ steps }: Crossing) => steps.filter((step) => !isReviewStep(step)).at(-1);

/** Why a message was not delivered, in the words that were recorded; null where it was or may yet be. */
export function crossingReason(crossing: Crossing): string | null {
  const last = lastMove(crossing);
  return last?.kind === 'failed' ? last.reason : null;
}

/** Whether the author still waits for what becomes of this message. */
export function isOpen(crossing: Crossing): boolean {
  return crossing.mode !== null && crossing.mode !== 'none' && !crossing.answer;
}
