import { markdownEntry, markdownHead } from '@/lib/domain/transcript/transcript-markdown';
import type { Conversation } from '@/lib/protocol/conversation';
import type { WireEntry } from '@/lib/protocol/entry';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { TranscriptQuery } from '@/lib/protocol/page';
import { conversationStream } from '@/lib/protocol/stream';
import type { Queryable } from '../ledger/command';
import { readStream } from '../ledger/read-entries';

const PAGE = 500;

/** A whole conversation piece by piece, as Markdown or as one JSON object; never more than a page of it in memory. */
export async function* exportTranscript(
  db: Queryable,
  workspaceId: WorkspaceId,
  conversation: Conversation,
  format: TranscriptQuery['format'],
): AsyncGenerator<string> {
  const isJson = format === 'json';
  yield isJson ? `{"conversation":${JSON.stringify(conversation)},"entries":[` : markdownHead(conversation);
  let isFirst = true;
  for await (const page of pagesOf(db, workspaceId, conversation)) {
    if (isJson) yield (isFirst ? '' : ',') + page.map((entry) => JSON.stringify(entry)).join(',');
    else yield page.map(markdownEntry).join('');
    isFirst = false;
  }
  if (isJson) yield ']}';
}

async function* pagesOf(
  db: Queryable,
  workspaceId: WorkspaceId,
  { id }: Conversation,
): AsyncGenerator<readonly WireEntry[]> {
  for (let after = 0; ; ) {
    const page = await readStream(db, workspaceId, conversationStream(id), { after, limit: PAGE });
    const last = page.at(-1);
    if (!last) return;
    yield page;
    after = last.streamSeq;
  }
}
