import type { WritingText } from '@/lib/client/live-writing';
import type { Transcript } from '@/lib/domain/transcript/transcript-state';
import type { Conversation } from '@/lib/protocol/conversation';
import type { SeatId } from '@/lib/protocol/ids';
import type { Ahead } from './ahead';
import type { AxisControl } from './axis-control';
import type { Deliver } from './composer';
import type { Past } from './past-edge';
import type { Jump, Wanted } from './use-jump';

/** What the screen of a conversation is drawn from. */
export type ConversationViewProps = {
  conversation: Conversation;
  /** What the reader looks at: `live`, or an excerpt of the past. */
  transcript: Transcript;
  live: Transcript;
  writing: ReadonlyMap<string, WritingText>;
  past: Past;
  ahead: Ahead;
  /** Seats at the left and at the right. */
  shown: readonly SeatId[];
  show: (shown: readonly SeatId[]) => void;
  speak: (to: SeatId, content: string, deliver: Deliver, idempotencyKey: string) => Promise<unknown>;
  settle: (conveyanceId: string, action: 'retry' | 'drop') => Promise<unknown>;
  interrupt: (seat: SeatId) => Promise<{ interrupted: boolean }>;
  /** An entry to whose row the reader goes: it is brought into view and lit. */
  wanted: Wanted | null;
  jump: Jump;
};

/** What both layouts are given. */
export type LayoutProps = Omit<ConversationViewProps, 'settle' | 'interrupt' | 'wanted' | 'writing'> & {
  writing: ReadonlyMap<string, readonly WritingText[]>;
  control: AxisControl;
  maySpeak: boolean;
};
