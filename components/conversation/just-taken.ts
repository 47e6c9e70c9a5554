import { createStore } from '@/components/ui/store';

/** Which seat was taken by a press on this page, until its composer has left the screen; null for none. */
export const justTaken = createStore<string | null>(null);

/** Which seat is being handed back by a press on this page: what takes the place of that button takes the focus. */
export const justHandedBack = createStore<string | null>(null);

export const seatKey = (conversationId: string, seatId: string): string => `${conversationId}.${seatId}`;
