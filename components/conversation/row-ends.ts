import { type Crossing, crossingState } from '@/lib/domain/transcript/crossing';
import { callRowId } from '@/lib/domain/transcript/read-entry';
import type { Row } from '@/lib/domain/transcript/row';
import type { Turn } from '@/lib/domain/transcript/seat-turns';
import { findRow, type Transcript } from '@/lib/domain/transcript/transcript-state';
import type { CrossingEnd } from './crossing-end';

const none: readonly CrossingEnd[] = [];

/** The messages of which a row is an end: those it sent, the one that arrived, those whose receipt it is. */
export function endsOf(transcript: Transcript, row: Row): readonly CrossingEnd[] {
  const { sent, received, cameBack } = row.parts;
  if (sent) return sent.flatMap(({ conveyanceId }) => endOf(transcript, conveyanceId));
  if (received) return endOf(transcript, received.conveyanceId);
  if (!cameBack) return none;
  const call = findRow(transcript, callRowId(row.seat, cameBack.toolCallId));
  return call?.parts.sent?.flatMap(({ conveyanceId }) => endOf(transcript, conveyanceId)) ?? none;
}

const endOf = (transcript: Transcript, conveyanceId: string): CrossingEnd[] => {
  const crossing = transcript.crossings.get(conveyanceId);
  return crossing ? [crossingEnd(transcript, crossing)] : [];
};

export const crossingEnd = (transcript: Transcript, crossing: Crossing): CrossingEnd => ({
  crossing,
  state: crossingState(crossing, crossing.turnId ? transcript.turns.get(crossing.turnId) : undefined),
});

/** The turn that a person's words began, as long as the engine has not confirmed them. */
export const turnOf = (transcript: Transcript, row: Row): Turn | undefined =>
  row.parts.spoken && !row.parts.seen ? transcript.turns.get(row.parts.spoken.turnId) : undefined;
