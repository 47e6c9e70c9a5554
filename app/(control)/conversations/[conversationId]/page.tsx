import { headers } from 'next/headers';
import { ConversationScreen } from '@/components/conversation/conversation-screen';
import { readDocument } from '@/lib/server/conversations/read-document';
import { runtime } from '@/lib/server/runtime';

/** What it shows comes with it, so that it is drawn before anything else is loaded (decision 14). */
export default async function ConversationPage({ params }: { params: Promise<{ conversationId: string }> }) {
  const { conversationId } = await params;
  const brought = await readDocument(runtime(), await headers(), conversationId);
  return <ConversationScreen conversationId={conversationId} brought={brought} />;
}
