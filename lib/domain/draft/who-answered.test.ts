import { expect, test } from 'vitest';
import type { CallResult } from '@/lib/domain/conversation/conversation-state';
import type { AgentMessage, ApprovalAnswer, ToolReturn } from '@/lib/protocol/message';
import { whoAnswered } from './who-answered';

const message = (more: Partial<AgentMessage>): AgentMessage => ({
  ...{ messageId: 'message-2', messageType: 'approval_response_message', runId: null, stepId: null, otid: null },
  ...{ senderId: null, senderName: null, date: '2026-11-21T12:00:00.000Z' },
  ...more,
});
const approval = (approve: boolean | null, reason: string | null, toolCallId = 'call-1'): ApprovalAnswer => ({
  ...{ toolCallId, approve, reason },
});
const returned = (text: string, toolCallId = 'call-1'): ToolReturn => ({
  ...{ toolCallId, text, name: null, status: 'success' },
});
const listing = (approvals: ApprovalAnswer[], toolReturns: ToolReturn[] = []) => [
  message({ approvals }),
  message({ messageType: 'tool_return_message', toolReturns }),
];
const approved: CallResult = { toolCallId: 'call-1', leave: 'approve', status: 'success', text: 'Approved by Ana.' };
const denied: CallResult = { toolCallId: 'call-1', leave: 'deny', status: 'error', text: 'Rejected by Ana.' };
const result: CallResult = { toolCallId: 'call-1', status: 'success', text: 'Ask me.' };

test.each([
  ['our approval', approved, listing([approval(true, 'Approved by Ana.')]), 'we'],
  ['an approval of somebody else', approved, listing([approval(true, null)]), 'others'],
  ['a denial where we approved', approved, listing([approval(false, 'Approved by Ana.')]), 'others'],
  ['our denial', denied, listing([approval(false, 'Rejected by Ana.')]), 'we'],
  ['a cancelled run', denied, listing([approval(false, 'The user cancelled the request.')]), 'others'],
  ['our result', result, listing([approval(null, null)], [returned('Ask me.')]), 'we'],
  ['our result, wrapped by the engine', result, listing([], [returned('{"message": "Ask me."}')]), 'we'],
  ['a result of somebody else', result, listing([approval(null, null)], [returned('Do as you like.')]), 'others'],
  ['an approval where we gave a result', result, listing([approval(true, null)], [returned('Ask me.')]), 'others'],
  ['answers to another call', approved, listing([approval(true, 'Approved by Ana.', 'call-2')]), 'unknown'],
  ['nothing', approved, [], 'unknown'],
] as const)('[DR26] the engine shows whose answers it took: %s', (_, given, listed, who) => {
  expect(whoAnswered([given], listed)).toBe(who);
});

test('[DR26] answers to several calls are ours only as a whole', () => {
  const both = [approved, { ...denied, toolCallId: 'call-2' }];
  const mixed = (reason: string) => listing([approval(true, 'Approved by Ana.'), approval(false, reason, 'call-2')]);
  expect(whoAnswered(both, mixed('Rejected by Ana.'))).toBe('we');
  expect(whoAnswered(both, mixed('No.'))).toBe('others');
});
