import type { Agent, AgentGate } from '@/lib/protocol/agent';
import type { Conversation, Edge } from '@/lib/protocol/conversation';
import type { StandingRule } from '@/lib/protocol/draft';
import { isMessagingTool } from '@/lib/protocol/messaging-tools';

/** What stops an agent's calls or words before they go on, and what would let them go. */
export type Gate =
  /** Messages of one direction wait for a person. */
  | { kind: 'edge'; conversation: Conversation; edge: Edge; toName: string; tools: string[] }
  /** Its messaging calls stop at Parley, which carries them on at once. */
  | { kind: 'carried'; conversation: Conversation; tools: string[] }
  /** A standing rule asks about some of it. */
  | { kind: 'rule'; rule: StandingRule; tools: string[] }
  /** Its calls of one tool ask for approval in Letta, though nothing of the above wants them to. */
  | { kind: 'letta'; gate: AgentGate; tools: string[] };

/**
 * All gates of an agent, as they follow from its conversations that are open and from the rules in force at `now`
 * (milliseconds since 1970), and from what asks for approval in Letta (`standing`) without any of them.
 */
export function gatesOf(
  agent: Pick<Agent, 'id' | 'tools'>,
  conversations: readonly Conversation[],
  rules: readonly StandingRule[],
  now: number,
  standing: readonly AgentGate[] = [],
): Gate[] {
  const messaging = agent.tools.filter(isMessagingTool);
  const seated = conversations
    .filter(({ state }) => state !== 'stopped')
    .flatMap((conversation) => {
      const seat = conversation.seats.find(({ agentId }) => agentId === agent.id);
      return seat ? [{ conversation, seat }] : [];
    });
  const edges = seated.flatMap(({ conversation, seat }) =>
    conversation.edges
      .filter(({ from, mode }) => from === seat.id && mode !== 'pass')
      .map((edge): Gate => {
        const toName = conversation.seats.find(({ id }) => id === edge.to)?.name ?? edge.to;
        return {
          kind: 'edge',
          conversation,
          edge,
          toName,
          tools: conversation.conveyance === 'relay' ? [] : messaging,
        };
      }),
  );
  const carried = seated
    .filter(({ conversation }) => isCarried(conversation) && messaging.length > 0)
    .map(({ conversation }): Gate => ({ kind: 'carried', conversation, tools: messaging }));
  const asking = rules
    .filter((rule) => isInForce(rule, now) && rule.effect === 'ask')
    .filter(({ fromAgentId }) => fromAgentId === null || fromAgentId === agent.id)
    .map((rule): Gate => ({ kind: 'rule', rule, tools: rule.tool === null ? [] : [rule.tool] }));
  // A rule that asks has the messages of whoever sits somewhere stop, whatever carries them.
  const isAsked = asking.some(({ tools }) => tools.length === 0 || tools.some(isMessagingTool));
  const wanted = new Set([...edges, ...carried].flatMap(({ tools }) => tools));
  if (isAsked && seated.length > 0) for (const tool of messaging) wanted.add(tool);
  const others = standing
    .filter(({ agentId, by, tool }) => agentId === agent.id && (by === 'somebody else' || !wanted.has(tool)))
    .map((gate): Gate => ({ kind: 'letta', gate, tools: [gate.tool] }));
  return [...edges, ...asking, ...carried, ...others];
}

/** Parley carries, or a person sits in a seat: to and from it no engine delivers. */
const isCarried = ({ conveyance, seats }: Conversation): boolean =>
  conveyance === 'tool' || seats.some(({ holder }) => holder !== null);

/** Whether a rule still holds: not revoked, and its time is not over. */
export const isInForce = ({ revokedAt, expiresAt }: StandingRule, now: number): boolean =>
  revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > now);
