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
  'GET /api/agents/[agentId]/activity': {
    access: 'viewer',
    summary: 'What an agent has been doing: threads, newest runs with usage, gated tools',
    answers: { 200: 'AgentActivity' },
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
    summary:
      'Renames, pauses, resumes or stops a conversation, gives it more turns, or adopts it: `conveyance` makes Parley carry what Letta has carried so far',
    body: 'ChangeConversation',
    answers: { 200: 'Conversation' },
    refusals: ['conversation.not_found', 'conversation.state', 'agent.seated'],
  },
  'DELETE /api/conversations/[conversationId]': {
    access: 'operator',
    summary: 'Stops a conversation and takes it out of the lists; what it holds stays',
    answers: { 200: 'Conversation' },
    refusals: ['conversation.not_found', 'conversation.state'],
  },
  'GET /api/conversations/[conversationId]/entries': {
    access: 'viewer',
    summary: 'History, ascending: after a streamSeq, the last ones before one, or from a time on',
    query: 'HistoryQuery',
    answers: { 200: 'EntryPage' },
    refusals: ['conversation.not_found'],
  },
  'GET /api/conversations/[conversationId]/past': {
    access: 'viewer',
    summary:
      'Messages that Letta holds of a seat’s thread from before the transcript, ascending; they are not recorded',
    detail: '`next` goes into `before`.',
    query: 'PastQuery',
    answers: { 200: 'PastPage' },
    refusals: ['conversation.not_found', 'letta_server.not_found', 'agent.not_found', ...engine],
  },
  'GET /api/conversations/[conversationId]/transcript': {
    access: 'viewer',
    summary: 'The whole conversation to take along, as Markdown or JSON',
    detail: 'In Markdown what agents and people wrote stands as text and is no markup.',
    query: 'TranscriptQuery',
    answers: { 200: 'text/markdown' },
    orJson: 'Transcript',
    refusals: ['conversation.not_found'],
  },
  'POST /api/conversations/[conversationId]/messages': {
    access: 'reviewer',
    summary: 'Speaks to the agent in a seat as oneself, or as a seat that one holds; answered when it is recorded',
    detail:
      'With `deliver: next_step` the agent reads it together with the answers to the calls at which it stops next, or as its next turn, before whatever else waits for it: no engine takes a message into a step that is under way, and nothing is interrupted. With `as`, the words answer whoever waits for a reply of that seat, and are a message across the edge otherwise.',
    body: 'Speak',
    answers: { 202: 'Entry' },
    refusals: ['conversation.not_found', 'conversation.state', 'seat.not_held', 'seat.taken'],
  },
  'POST /api/conversations/[conversationId]/seats/[seat]/takeover': {
    access: 'reviewer',
    summary: 'Sits down in an agent’s place, or stays there longer; what the agent does is interrupted',
    detail:
      'Until the lease ends, messages for the seat arrive at the person, and what its agent still produces is kept back.',
    body: 'TakeSeat',
    answers: { 200: 'Conversation' },
    refusals: ['conversation.not_found', 'seat.not_found', 'conversation.state', 'seat.taken'],
  },
  'DELETE /api/conversations/[conversationId]/seats/[seat]/takeover': {
    access: 'reviewer',
    summary: 'Hands the seat back to its agent, which is told the summary and goes on; its holder may, and admins',
    body: 'HandBackSeat',
    answers: { 200: 'Conversation' },
    refusals: ['conversation.not_found', 'seat.not_found', 'seat.not_held'],
  },
  'POST /api/conversations/[conversationId]/quarantine/[entryId]': {
    access: 'reviewer',
    summary: 'Releases or drops what the agent of a held seat produced, named by its entry `output.quarantined`',
    body: 'SettleQuarantine',
    answers: { 200: 'SettledQuarantine' },
    refusals: [
      'conversation.not_found',
      'quarantine.not_found',
      'quarantine.settled',
      'conversation.state',
      'letta_server.not_found',
      ...engine,
    ],
  },
  'POST /api/conversations/[conversationId]/interrupt': {
    access: 'reviewer',
    summary: 'Stops what the agent in a seat is doing, or gives up the call at which it stands',
    body: 'Interrupt',
    answers: { 200: 'Interrupted' },
    refusals: ['conversation.not_found', 'agent.busy', 'letta_server.not_found', ...engine],
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
    summary: 'Plays the walk-through again: Alice and Bob, reviewed one way, and a simulated task, in the sandbox',
    answers: { 201: 'Conversation' },
    refusals: ['agent.seated', ...engine],
  },
  'PUT /api/sandbox/demo': {
    access: 'operator',
    summary: 'At the first look at an untouched workspace: parks a draft of the walk-through and runs a simulated task',
    answers: { 200: 'DemoShown' },
  },
  'DELETE /api/sandbox/demo': {
    access: 'operator',
    summary: 'Takes the walk-through away: archives its conversations, cancels its task, deletes its agents',
    answers: { 200: 'ClearedDemo' },
    refusals: engine,
  },
};
