import { paneOf, type Transcript } from '@/lib/domain/transcript/transcript-state';
import type { SeatId } from '@/lib/protocol/ids';

/** So many rows at a pane's beginning are looked through for the agent's own prompt: words of a person may come first. */
const NEAR_START = 4;

/**
 * Whether Letta may hold more of a thread than its pane, whose beginning is loaded: Parley came upon it in the middle,
 * or read its newest page only, as a thread begins with the agent's prompt.
 */
export function mayHavePast(transcript: Transcript, seat: SeatId): boolean {
  const first = transcript.channel.first();
  if (transcript.first !== 1 || first?.kind !== 'tick' || first.tick.told.kind !== 'opened') return false;
  if (first.tick.told.observed) return true;
  const pane = paneOf(transcript, seat);
  const rows = Array.from({ length: NEAR_START }, (_, at) => pane.at(at)).filter((row) => row !== undefined);
  return rows.length === NEAR_START && !rows.some((row) => row.parts.seen?.prompt);
}
