import type { OperationTable } from './operation';

const undecidable = [
  'draft.not_found',
  'draft.changed',
  'draft.already_decided',
  'draft.expired',
  'draft.not_allowed',
  'draft.same_person',
] as const;

/** What waits for people: edges, drafts, verdicts. */
export const draftOperations: OperationTable = {
  'PUT /api/conversations/[conversationId]/edges': {
    access: 'operator',
    summary: 'Sets how messages pass from one seat to another; what waits or is on its way stays so',
    body: 'SetEdge',
    answers: { 200: 'Edge' },
    refusals: ['conversation.not_found', 'conversation.state'],
  },
  'GET /api/drafts': {
    access: 'viewer',
    summary: 'What waits for people, the oldest deadline first; then what has ended, the newest first',
    query: 'DraftQuery',
    answers: { 200: 'DraftPage' },
  },
  'GET /api/drafts/[draftId]': {
    access: 'viewer',
    summary: 'One draft',
    answers: { 200: 'Draft' },
    refusals: ['draft.not_found'],
  },
  'POST /api/drafts/[draftId]/verdict': {
    access: 'reviewer',
    summary: 'Decides about a draft, bound to the hash of what was shown',
    body: 'GiveVerdict',
    answers: { 200: 'Draft' },
    refusals: [...undecidable, 'conveyance.state'],
  },
  'POST /api/drafts/[draftId]/undo': {
    access: 'reviewer',
    summary: 'Takes a verdict back before anything has left: the draft waits again, with a fresh deadline',
    answers: { 200: 'Draft' },
    refusals: ['draft.not_found', 'draft.not_decided', 'draft.already_dispatched'],
  },
  'POST /api/drafts/[draftId]/retry': {
    access: 'reviewer',
    summary: 'Sends again what did not arrive, or perhaps did: whoever asks has looked',
    answers: { 200: 'Draft' },
    refusals: ['draft.not_found', 'draft.not_failed', 'conveyance.not_found', 'conveyance.state', 'conversation.state'],
  },
  'POST /api/drafts/verdicts': {
    access: 'reviewer',
    summary: 'One verdict for several drafts, each bound to its own hash and given or refused by itself',
    body: 'GiveVerdicts',
    answers: { 200: 'VerdictResults' },
  },
  'GET /api/rules': {
    access: 'viewer',
    summary: 'Standing rules, the newest first',
    query: 'PageQuery',
    answers: { 200: 'StandingRulePage' },
  },
  'POST /api/rules': {
    access: 'operator',
    summary: 'Says once for all what always passes, or always asks',
    body: 'MakeRule',
    answers: { 201: 'StandingRule' },
  },
  'GET /api/gates': {
    access: 'viewer',
    summary: 'Tools of agents whose calls stop in Letta until somebody has answered, and by whom they were gated',
    answers: { 200: 'AgentGatePage' },
    refusals: ['engine.unavailable', 'engine.answered_badly', 'engine.refused'],
  },
  'DELETE /api/agents/[agentId]/gates/[tool]': {
    access: 'operator',
    summary: 'Calls of this tool no longer stop in Letta; what waits already waits on',
    answers: { 200: 'AgentGate' },
    refusals: [
      'agent.not_found',
      'gate.not_found',
      'gate.needed',
      'engine.unavailable',
      'engine.answered_badly',
      'engine.refused',
    ],
  },
  'DELETE /api/rules/[ruleId]': {
    access: 'operator',
    summary: 'Revokes a rule; it stays in the list',
    answers: { 200: 'StandingRule' },
    refusals: ['rule.not_found'],
  },
};
