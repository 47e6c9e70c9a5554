import type { Conversation } from './conversation';
import type { ToldEntry } from './told-entry';

/**
 * What the document of a conversation's page brings along: the conversation, and the newest entries of its stream without
 * a gap, at least one where there are any.
 */
export type ConversationDocument = { conversation: Conversation; entries: readonly ToldEntry[] };
