import { createStore } from './store';

/** Which seat was taken by a press on this page, until its composer has left the screen; null for none. */
export const justTaken = createStore<string | null>(null);

export const seatKey = (conversationId: string, seatId: string): string => `${conversationId}.${seatId}`;
