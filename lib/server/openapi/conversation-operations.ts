import type { OperationTable } from './operation';

const engine = ['engine.unavailable', 'engine.answered_badly', 'engine.refused'] as const;

/** Agents, and their conversations. */
export const conversationOperations: OperationTable = {
  'GET /api/agents': {
    access: 'viewer',
    summary: 'Agents of all connected Letta servers, by name',
    query: 'PageQuery',
    answers: { 200: 'AgentPage' },
    refusals: [...engine],
  },
  'POST /api/agents': {
    access: 'operator',
    summary: 'Makes an agent in Letta; `server` is needed when several are connected',
    body: 'CreateAgent',
    answers: { 201: 'Agent' },
    refusals: ['letta_server.not_found', 'server.ambiguous', ...engine],
  },
  'GET /api/agents/[agentId]': {
    access: 'viewer',
    summary: 'One agent',
    answers: { 200: 'Agent' },
    refusals: ['agent.not_found', ...engine],
  },
  'PATCH /api/agents/[agentId]': {
    access: 'operator',
    summary: 'Changes an agent; blocks that are not named stay, `tools` and `tags` are the whole lists',
    body: 'ChangeAgent',
    answers: { 200: 'Agent' },
    refusals: ['agent.not_found', ...engine],
  },
  'DELETE /api/agents/[agentId]': {
    access: 'operator',
    summary: 'Deletes an agent in Letta, with its memory, and stops the conversations in which it sits',
    answers: { 200: 'Agent' },
    refusals: ['agent.not_found', ...engine],
  },
  'GET /api/models': {
    access: 'viewer',
    summary: 'Models that the connected Letta servers offer',
    answers: { 200: 'ModelPage' },
    refusals: [...engine],
  },
  'GET /api/conversations': {
    access: 'viewer',
    summary: 'Conversations, the newest activity first',
    query: 'PageQuery',
    answers: { 200: 'ConversationPage' },
  },
  'POST /api/conversations': {
    access: 'operator',
    summary: 'Opens a conversation between agents of one Letta server; seats are named a, b, … in order',
    body: 'OpenConversation',
    answers: { 201: 'Conversation' },
    refusals: ['agent.not_found', 'agent.seated', ...engine],
  },
  'GET /api/conversations/[conversationId]': {
    access: 'viewer',
    summary: 'One conversation',
    answers: { 200: 'Conversation' },
    refusals: ['conversation.not_found'],
  },
  'PATCH /api/conversations/[conversationId]': {
    access: 'operator',
    summary: 'Renames, pauses, resumes or stops a conversation, or gives it more turns',
    body: 'ChangeConversation',
    answers: { 200: 'Conversation' },
    refusals: ['conversation.not_found', 'conversation.state'],
  },
  'DELETE /api/conversations/[conversationId]': {
    access: 'operator',
    summary: 'Stops a conversation and takes it out of the lists; what it holds stays',
    answers: { 200: 'Conversation' },
    refusals: ['conversation.not_found', 'conversation.state'],
  },
  'GET /api/conversations/[conversationId]/entries': {
    access: 'viewer',
    summary: 'History, ascending: after a streamSeq, or the last ones before one',
    query: 'HistoryQuery',
    answers: { 200: 'EntryPage' },
    refusals: ['conversation.not_found'],
  },
  'POST /api/conversations/[conversationId]/messages': {
    access: 'reviewer',
    summary: 'Speaks to the agent in a seat as oneself; answered when it is recorded, not when it is heard',
    body: 'Speak',
    answers: { 202: 'Entry' },
    refusals: ['conversation.not_found', 'conversation.state'],
  },
  'POST /api/conversations/[conversationId]/interrupt': {
    access: 'reviewer',
    summary: 'Stops what the agent in a seat is doing',
    body: 'Interrupt',
    answers: { 200: 'Interrupted' },
    refusals: ['conversation.not_found', 'letta_server.not_found', ...engine],
  },
  'POST /api/conversations/[conversationId]/conveyances/[conveyanceId]': {
    access: 'reviewer',
    summary: 'Sends a message again whose delivery failed or is in doubt, or gives it up',
    body: 'SettleConveyance',
    answers: { 200: 'SettledConveyance' },
    refusals: ['conversation.not_found', 'conveyance.not_found', 'conveyance.state'],
  },
  'POST /api/sandbox/demo': {
    access: 'operator',
    summary: 'Plays the walk-through again: Alice and Bob, in the sandbox',
    answers: { 201: 'Conversation' },
    refusals: ['agent.seated', ...engine],
  },
};
