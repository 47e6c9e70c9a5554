import { type Row, type RowKind, rowKind } from './row';
import { paneOf, type Transcript } from './transcript-state';

const inputs: ReadonlySet<RowKind> = new Set(['spoken', 'received', 'user', 'system', 'prompt']);
const isInput = (row: Row) => inputs.has(rowKind(row));

/**
 * Whether what this row told the agent came to nothing: its turn ended well, and the agent neither thought, called nor
 * said anything. What is recorded late counts: as long as no other input follows, it belongs to the turn.
 */
export function isWithoutAnswer(transcript: Transcript, { parts, seat }: Row): boolean {
  const turnId =
    parts.spoken?.turnId ??
    (parts.received && transcript.crossings.get(parts.received.conveyanceId)?.turnId) ??
    undefined;
  const turn = turnId ? transcript.turns.get(turnId) : undefined;
  if (!turn?.started || turn.ended?.stopReason !== 'end_turn' || turn.ended.error !== null) return false;
  const pane = paneOf(transcript, seat);
  const { place: end } = turn.ended;
  for (let row = pane.next(turn.started.place); row; row = pane.next(row.place)) {
    if (!isInput(row)) return false;
    if (row.place > end) return true;
  }
  return true;
}
