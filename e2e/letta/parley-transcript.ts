import { type Row, rowKind } from '@/lib/domain/transcript/row';
import { applyTranscript, emptyTranscript } from '@/lib/domain/transcript/transcript';
import { paneOf } from '@/lib/domain/transcript/transcript-state';
import type { Conversation } from '@/lib/protocol/conversation';
import type { WireEntry } from '@/lib/protocol/entry';
import type { SeatId } from '@/lib/protocol/ids';
import { toldEntry } from '@/lib/protocol/told-entry';
import { compact, type Line } from './letta-transcript';

/** The rows of a seat's pane in the order in which the screen shows them, folded from the ledger's entries. */
export function rowsInLedger(conversation: Conversation, entries: readonly WireEntry[], seat: SeatId): Row[] {
  const shown = conversation.seats.map(({ id }) => id);
  const transcript = entries.map(toldEntry).reduce(applyTranscript, emptyTranscript(conversation.seats, shown));
  return [...paneOf(transcript, seat)];
}

/**
 * What a row says in the words of Letta's listing. Of an input only what the engine itself confirmed counts. Null for
 * what Letta knows nothing of: a turn that came to no good end, and the agent's own instructions.
 */
export function lineOf(row: Row): Line | null {
  const { seen, call, cameBack } = row.parts;
  switch (rowKind(row)) {
    case 'spoken':
    case 'received':
    case 'user':
    case 'system':
      return `heard: ${seen?.text ?? '(not confirmed by the engine)'}`;
    case 'reasoning':
      return `thought: ${seen?.text ?? ''}`;
    case 'assistant':
      return `said: ${seen?.text ?? ''}`;
    case 'call':
      return `called: ${call?.name} ${compact(call?.arguments ?? '')}`;
    case 'return':
      return `was told: ${cameBack?.text ?? ''}`;
    case 'prompt':
    case 'ended':
      return null;
    default:
      throw new Error(`a row that nobody expected here: ${JSON.stringify(row)}`);
  }
}

/** All that a seat's pane tells, to be held against what Letta lists. */
export const linesInLedger = (conversation: Conversation, entries: readonly WireEntry[], seat: SeatId): Line[] =>
  rowsInLedger(conversation, entries, seat).flatMap((row) => lineOf(row) ?? []);

/** What people and agents say to each other in a row, as its pane shows it but for white space; empty for other rows. */
export function talkIn(row: Row): string {
  const { spoken, received, sent, seen } = row.parts;
  const isTalk = ['spoken', 'received', 'call', 'assistant', 'user'].includes(rowKind(row));
  const text = spoken?.content ?? received?.content ?? sent?.[0]?.content ?? seen?.text ?? '';
  return isTalk ? text.replace(/\s+/g, '') : '';
}
