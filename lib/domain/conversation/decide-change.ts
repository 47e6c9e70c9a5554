import type { ChangeConversation } from '@/lib/protocol/conversation';
import type { ConversationDecision, ConversationFact, ConversationState, Ids } from './conversation-state';
import { threadOf } from './conversation-state';
import { decideStop } from './decide-stop';

/** A person renames, pauses, resumes or stops a conversation, or gives it more turns. A stop is final. */
export function decideChange(
  state: ConversationState,
  change: Omit<ChangeConversation, 'conveyance'>,
  ids: Ids,
): ConversationDecision {
  const { state: wanted, ...rest } = change;
  if (state.phase === 'stopped' && (wanted === 'running' || wanted === 'paused' || rest.maxTurns !== undefined)) {
    return {
      ok: false,
      code: 'conversation.state',
      message: 'The conversation is stopped; open another one with its agents.',
    };
  }
  if (rest.maxTurns !== undefined && rest.maxTurns < state.turns) {
    const fields = { maxTurns: `at least ${state.turns}, the turns already taken` };
    return { ok: false, code: 'request.invalid', message: 'The limit is below what is already used.', fields };
  }
  const facts: ConversationFact[] = [];
  const phases = { running: 'open', paused: 'paused' } as const;
  const told = wanted && wanted !== 'stopped' && phases[wanted] !== state.phase ? { state: wanted } : {};
  const changed = { ...newIn(state, rest), ...told };
  if (Object.keys(changed).length > 0) {
    facts.push({ type: 'conversation.changed', payload: changed });
  }
  if (wanted !== 'stopped') {
    return { ok: true, facts, queue: [], wake: state.seats.map((seat) => threadOf(state, seat)) };
  }
  const stopped = decideStop(state, { why: 'person', reason: 'Stopped by a person.' }, ids);
  return stopped.ok ? { ...stopped, facts: [...facts, ...stopped.facts] } : stopped;
}

/** What is not so already: that somebody asks for what is so anyway is no fact. */
function newIn(
  state: ConversationState,
  { title, maxTurns }: Pick<ChangeConversation, 'title' | 'maxTurns'>,
): Pick<ChangeConversation, 'title' | 'maxTurns'> {
  return {
    ...(title === undefined || title === state.title ? {} : { title }),
    ...(maxTurns === undefined || maxTurns === state.maxTurns ? {} : { maxTurns }),
  };
}
