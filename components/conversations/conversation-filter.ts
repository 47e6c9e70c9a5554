import type { Conversation, ConversationState } from '@/lib/protocol/conversation';

export const filters = ['all', 'running', 'waiting', 'paused', 'stopped'] as const;
/** `running` holds what is idle too: it is open and nobody stopped it. */
export type Filter = (typeof filters)[number];

const statesOf: Record<Filter, readonly ConversationState[]> = {
  all: ['idle', 'running', 'waiting', 'paused', 'stopped'],
  running: ['idle', 'running'],
  waiting: ['waiting'],
  paused: ['paused'],
  stopped: ['stopped'],
};

const names = ({ title, seats }: Conversation) => [title, ...seats.map((seat) => seat.name)].join('\n').toLowerCase();

/** Conversations in a state whose title or agents contain every word of `text`. */
export function filterConversations(items: readonly Conversation[], filter: Filter, text: string): Conversation[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return items.filter(
    (item) => statesOf[filter].includes(item.state) && words.every((word) => names(item).includes(word)),
  );
}
