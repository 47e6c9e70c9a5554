import type { ConversationDocument } from '@/lib/protocol/conversation-document';
import { AppError, isAppError } from '@/lib/protocol/errors';
import { ConversationId } from '@/lib/protocol/ids';
import { conversationStream } from '@/lib/protocol/stream';
import { type ToldEntry, toldEntry } from '@/lib/protocol/told-entry';
import { requireRole } from '../access/require-role';
import { readStreamBackwards } from '../ledger/read-entries';
import type { Runtime } from '../runtime';
import { requireConversation } from './read-conversations';

const ENTRIES_MAX = 200;
/** Of the entries as JSON. A message may have 256 KiB; what does not fit the page asks for. */
const BYTES_MAX = 192 * 1024;
const WAIT_MS = 1_000;

/**
 * What the document of a conversation's page brings along, read as the API reads it, for whoever may read it there. Null
 * leaves it to the page to ask, and to say why it cannot be had: not for this reader, not there, too large, not in time.
 */
export const readDocument = (rt: Runtime, headers: Headers, conversationId: string) =>
  inTime(rt, async (): Promise<ConversationDocument | null> => {
    // INVARIANT: the conversation first, as the page asks: its entries may know more than it, never less.
    const { workspaceId, conversation } = await readAllowed(rt, headers, conversationId);
    const page = { before: null, limit: ENTRIES_MAX };
    const stream = conversationStream(conversation.id);
    const newest = await readStreamBackwards(rt.database.pool, workspaceId, stream, page);
    const entries = fitting(newest.map(toldEntry));
    return entries.length === 0 && newest.length > 0 ? null : { conversation, entries };
  });

/** Its title alone, in the same way: links ask for it before anybody follows them. */
export const readTitle = (rt: Runtime, headers: Headers, conversationId: string) =>
  inTime(rt, async () => (await readAllowed(rt, headers, conversationId)).conversation.title);

async function inTime<Value>(rt: Runtime, read: () => Promise<Value>): Promise<Value | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, WAIT_MS, null);
  });
  const reading = read().catch((error: unknown) => {
    if (!isAppError(error)) rt.log.warn({ err: error }, 'a page goes without what it should come with');
    return null;
  });
  const first = await Promise.race([reading, tooLate]);
  clearTimeout(timer);
  return first;
}

async function readAllowed(rt: Runtime, headers: Headers, given: string) {
  const { workspaceId } = requireRole(await rt.access.callerOfRequest(headers), { role: 'viewer' });
  const id = ConversationId.safeParse(given);
  if (!id.success) throw new AppError('conversation.not_found', 'There is no such conversation.');
  return { workspaceId, conversation: await requireConversation(rt.database.pool, workspaceId, id.data) };
}

/** The last of them that fit. */
function fitting(entries: readonly ToldEntry[]): ToldEntry[] {
  let bytes = 0;
  const tooMuch = entries.findLastIndex((entry) => {
    bytes += Buffer.byteLength(JSON.stringify(entry));
    return bytes > BYTES_MAX;
  });
  return entries.slice(tooMuch + 1);
}
