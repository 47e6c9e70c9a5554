import type { StateName } from '@/components/ui/state-badge';
import type { WritingText } from '@/lib/client/live-writing';
import type { SeatNow } from '@/lib/domain/transcript/seat-turns';
import { isMessagingTool } from '@/lib/protocol/messaging-tools';

/** The state of a seat and its words: `Waiting for Bob`, `Waiting for review`, `Speaking`, `Thinking`. */
export function seatWords(now: SeatNow, writing: readonly WritingText[]): { state: StateName; word: string } {
  if (now.kind === 'waiting') {
    if (now.atReview) return { state: 'waiting', word: 'Waiting for review' };
    const word = now.for.length > 0 ? `Waiting for ${listed(now.for)}` : 'Waiting for an answer';
    return { state: 'waiting', word };
  }
  if (now.kind === 'idle') return { state: 'idle', word: 'Idle' };
  const last = writing.at(-1);
  if (!last) return { state: 'running', word: 'Working' };
  if (last.field === 'reasoning') return { state: 'running', word: 'Thinking' };
  const calls = last.field === 'arguments' && last.toolName !== null && !isMessagingTool(last.toolName);
  if (calls) return { state: 'running', word: `Calling ${last.toolName}` };
  return { state: 'speaking', word: 'Speaking' };
}

const listed = (names: readonly string[]) =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
