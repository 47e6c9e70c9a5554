import { type Hue, seatHue } from '@/components/ui/seat-hue';
import type { Conversation } from '@/lib/protocol/conversation';

/** The hue that an agent has in the latest conversation it sits in (newest first), so that it keeps it; else slate. */
export function agentHue(agentId: string, conversations: readonly Conversation[]): Hue {
  for (const { seats } of conversations) {
    const seat = seats.find((candidate) => candidate.agentId === agentId);
    if (seat) return seatHue(seat.id);
  }
  return 'd';
}
