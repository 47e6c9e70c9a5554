import type { ConversationFact, Ids } from '@/lib/domain/conversation/conversation-state';
import { system } from '@/lib/protocol/actor';
import { type VerdictKind, verdictKinds } from '@/lib/protocol/draft';
import type { PayloadOf } from '@/lib/protocol/entry';
import { DraftId, PersonId } from '@/lib/protocol/ids';
import type { ToolCall } from '@/lib/protocol/message';
import { canonicalArguments } from './canonical-arguments';
import { settledPointer } from './decide-verdict';
import type { DraftState, RuleState, VerdictState } from './draft-state';
import { type Hold, ordinaryHold } from './find-hold';
import { matchingRule } from './matching-rule';

type Offered = PayloadOf<'draft.offered'>;

/** Where an agent stands at a call: in a seat of a conversation, or outside any. */
export type StandingAt = Pick<
  Offered,
  'conversationId' | 'server' | 'threadId' | 'from' | 'messageId' | 'fromTurnId' | 'runId'
>;

/** A call that waits, as a draft; `facts` tell of it. */
export type OfferedCall = { facts: ConversationFact[]; draft: DraftState };

/** What an engine can honour that takes a call as it is, or not at all. */
export const callVerdicts: readonly VerdictKind[] = verdictKinds.filter((verdict) => verdict !== 'edit');

/** Parks a call at which its author stands, and that Parley does not carry. */
export function offerStanding(
  at: StandingAt,
  toolCall: ToolCall,
  offer: Pick<Offered, 'kind' | 'to' | 'content' | 'allowed'>,
  { ruleId, ...how }: Hold,
  ids: Ids,
): OfferedCall {
  const draftId = DraftId.parse(ids.next());
  const payload: Offered = {
    ...{ draftId, conveyanceId: null, toolCall },
    ...at,
    ...offer,
    ...how,
    ...(ruleId === null ? {} : { ruleId }),
  };
  const parked: ConversationFact[] =
    at.conversationId === null
      ? []
      : [{ type: 'draft.parked', payload: { draftId, seat: at.from.seat ?? null, conveyanceId: null } }];
  const draft: DraftState = {
    ...{ id: draftId, conveyanceId: null, toolCall, contentHash: '' },
    ...at,
    ...offer,
    ...{ reviewers: how.reviewers, undoSeconds: how.undoSeconds },
    ...{ status: 'pending', verdicts: [], dispatch: null },
  };
  return { facts: [{ type: 'draft.offered', payload }, ...parked], draft };
}

/**
 * Parks a call of a tool that somebody has gated, for as long as it takes: its agent waits for exactly that. Where a
 * standing rule lets it pass it is approved at once, by the rule.
 */
export function offerCall(at: StandingAt, toolCall: ToolCall, rules: readonly RuleState[], ids: Ids): OfferedCall {
  const content = canonicalArguments(toolCall.arguments);
  const { agentId, name } = at.from;
  const rule = matchingRule(rules, { fromAgentId: agentId, toAgentId: null, tool: toolCall.name, content });
  const hold: Hold = {
    ...{ ...ordinaryHold, expirySeconds: null },
    heldBy: rule ? 'rule' : 'approval',
    ruleId: rule?.id ?? null,
    why: `${toolCall.name} of ${name} stops for approval in Letta.`,
  };
  const offer = { kind: 'tool_call' as const, to: { name: toolCall.name }, content, allowed: [...callVerdicts] };
  const offered = offerStanding(at, toolCall, offer, hold, ids);
  return rule ? ruled(offered, rule) : offered;
}

function ruled({ facts, draft }: OfferedCall, { id: ruleId, effect }: RuleState): OfferedCall {
  const { id: draftId, conversationId } = draft;
  const used: ConversationFact = {
    type: 'rule.used',
    payload: { ruleId, effect, conversationId, conveyanceId: null, draftId },
  };
  if (effect === 'ask') return { facts: [...facts, used], draft };
  const verdict: VerdictState = { personId: PersonId.parse(system.id), name: system.name, verdict: 'approve' };
  const approved: DraftState = { ...draft, status: 'approved', verdicts: [verdict], dispatch: 'dispatching' };
  return {
    facts: [
      ...facts,
      used,
      {
        type: 'draft.approved',
        actor: system,
        // Nobody was shown anything: it is bound to the rule.
        payload: { draftId, contentHash: `rule:${ruleId}`, isFinal: true, undoSeconds: 0 },
      },
      ...settledPointer(approved, null),
      { type: 'draft.dispatched', payload: { draftId, way: 'deliver', turnId: null } },
    ],
    draft: approved,
  };
}
