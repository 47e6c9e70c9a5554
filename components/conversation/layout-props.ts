import type { WritingText } from '@/lib/client/live-writing';
import type { Transcript } from '@/lib/domain/transcript/transcript-state';
import type { Conversation } from '@/lib/protocol/conversation';
import type { SeatId } from '@/lib/protocol/ids';
import type { AxisControl } from './axis-control';
import type { Past } from './past-edge';

/** What the screen of a conversation is drawn from. */
export type ConversationViewProps = {
  conversation: Conversation;
  transcript: Transcript;
  writing: ReadonlyMap<string, WritingText>;
  past: Past;
  /** Seats at the left and at the right. */
  shown: readonly SeatId[];
  show: (shown: readonly SeatId[]) => void;
  speak: (to: SeatId, content: string) => Promise<unknown>;
  settle: (conveyanceId: string, action: 'retry' | 'drop') => Promise<unknown>;
  interrupt: (seat: SeatId) => Promise<{ interrupted: boolean }>;
  /** Seq of an entry that the address names: its row is brought into view and lit. */
  wanted: number | null;
};

/** What both layouts are given. */
export type LayoutProps = Omit<ConversationViewProps, 'settle' | 'interrupt' | 'wanted' | 'writing'> & {
  writing: ReadonlyMap<string, readonly WritingText[]>;
  control: AxisControl;
  maySpeak: boolean;
};
