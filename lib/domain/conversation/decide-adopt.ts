import type { ChangeConversation } from '@/lib/protocol/conversation';
import type { ConversationDecision, ConversationState } from './conversation-state';

/** Turns that an adopted conversation may take before it stops, where nothing else is said. */
const TURNS = 50;

/**
 * What Letta carries by itself is carried by Parley from here on. Messages under way arrive as they were sent.
 * `seatedElsewhere` are names of agents that sit in another running conversation; they would be in two at once.
 */
export function decideAdopt(
  state: ConversationState,
  { conveyance, maxTurns }: Pick<ChangeConversation, 'conveyance' | 'maxTurns'>,
  seatedElsewhere: readonly string[],
): ConversationDecision {
  if (conveyance === undefined || conveyance === state.conveyance) return { ok: true, facts: [], queue: [], wake: [] };
  if (state.conveyance !== 'engine') {
    const message = 'Parley carries this conversation already; only one that Letta carries can be adopted.';
    return { ok: false, code: 'conversation.state', message };
  }
  if (state.phase === 'stopped') {
    const message = 'The conversation is stopped; open another one with its agents.';
    return { ok: false, code: 'conversation.state', message };
  }
  if (seatedElsewhere.length > 0) {
    const message = `${seatedElsewhere.join(', ')} already ${seatedElsewhere.length > 1 ? 'sit' : 'sits'} in a running conversation.`;
    return { ok: false, code: 'agent.seated', message };
  }
  const limit = maxTurns ?? state.turns + TURNS;
  if (limit < state.turns) {
    const fields = { maxTurns: `at least ${state.turns}, the turns already taken` };
    return { ok: false, code: 'request.invalid', message: 'The limit is below what is already used.', fields };
  }
  return {
    ok: true,
    facts: [{ type: 'conversation.changed', payload: { conveyance, maxTurns: limit } }],
    queue: [],
    wake: [],
  };
}
