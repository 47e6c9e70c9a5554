import type { Metadata } from 'next';
import { AgentPage as AgentPane } from '@/components/agents/agent-page';

export const metadata: Metadata = { title: 'Agent' };

export default async function AgentPage({ params }: { params: Promise<{ agentId: string }> }) {
  const { agentId } = await params;
  return <AgentPane agentId={decodeURIComponent(agentId)} />;
}
