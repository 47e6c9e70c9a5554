import type { ConversationId } from './ids';
import type { Stream } from './stream';

// Names of streams for pages that are drawn without schemas. What they are made of was parsed, so that they are good.
const named = (name: string): Stream => name as Stream;

export const systemStreamName = named('system');
export const conversationStreamName = (conversationId: ConversationId): Stream =>
  named(`conversation:${conversationId}`);
