import type { Edge } from '@/lib/protocol/conversation';
import type { HeldBy } from '@/lib/protocol/draft';
import type { AgentId, RuleId, SeatId } from '@/lib/protocol/ids';
import type { RuleState } from './draft-state';
import { matchingRule } from './matching-rule';

/** How something waits: why, for how many people, how long, and how long a verdict can be taken back. */
export type Hold = {
  heldBy: HeldBy;
  why: string;
  ruleId: RuleId | null;
  reviewers: number;
  expirySeconds: number | null;
  undoSeconds: number;
};

/** `ruleId` names the rule because of which it passes where it would wait otherwise. */
export type Passage = { kind: 'passes'; ruleId: RuleId | null } | { kind: 'waits'; hold: Hold };

/** How what nobody has set waits: as the edge of a new conversation does once it is in review. */
export const ordinaryHold = { reviewers: 1, expirySeconds: 900, undoSeconds: 5 } as const;

export type Passing = {
  from: { seat: SeatId; agentId: AgentId; name: string };
  /** `seat` null: an agent that has none in this conversation. */
  to: { seat: SeatId | null; agentId: AgentId; name: string };
  /** The tool whose call carries it, where there is one. */
  tool: string | null;
  content: string;
};

/**
 * Whether a message goes on or waits for a person: a standing rule is asked first, then the edge. What leaves the
 * conversation has no edge, and waits.
 */
export function findHold(edges: readonly Edge[], rules: readonly RuleState[], passing: Passing): Passage {
  const { from, to, tool, content } = passing;
  const edge = edges.find((each) => each.from === from.seat && each.to === to.seat);
  const rule = matchingRule(rules, { fromAgentId: from.agentId, toAgentId: to.agentId, tool, content });
  const waits = to.seat === null || (edge !== undefined && edge.mode !== 'pass');
  if (rule?.effect === 'pass') return { kind: 'passes', ruleId: waits ? rule.id : null };
  if (!waits && !rule) return { kind: 'passes', ruleId: null };
  const { reviewers, expirySeconds, undoSeconds } = edge ?? ordinaryHold;
  const how = { reviewers, expirySeconds: edge?.mode === 'hold' ? null : expirySeconds, undoSeconds };
  if (rule) {
    return {
      kind: 'waits',
      hold: { ...how, heldBy: 'rule', ruleId: rule.id, why: 'A standing rule asks about this.' },
    };
  }
  if (to.seat === null) {
    const why = `${to.name} is outside this conversation: the message leaves it.`;
    return { kind: 'waits', hold: { ...how, heldBy: 'leaving', ruleId: null, why } };
  }
  const why = `${from.name} → ${to.name} is ${edge?.mode === 'hold' ? 'on hold' : 'in review'}.`;
  return { kind: 'waits', hold: { ...how, heldBy: 'edge', ruleId: null, why } };
}
