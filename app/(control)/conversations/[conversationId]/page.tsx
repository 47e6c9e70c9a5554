import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { ConversationScreen } from '@/components/conversation/conversation-screen';
import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import { readDocument, readTitle } from '@/lib/server/conversations/read-document';
import { runtime } from '@/lib/server/runtime';

type PageProps = { params: Promise<{ conversationId: string }> };

/** HAZARD: Next writes this after the page has begun to run: another title than the one that the page sets would stay. */
export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { conversationId } = await params;
  const title = await readTitle(runtime(), await headers(), conversationId);
  return title === null ? {} : { title: withHiddenWrittenOut(title) };
}

/** What it shows comes with it, so that it is drawn before anything else is loaded. */
export default async function ConversationPage({ params }: PageProps) {
  const { conversationId } = await params;
  const brought = await readDocument(runtime(), await headers(), conversationId);
  return <ConversationScreen conversationId={conversationId} brought={brought} />;
}
