import { z } from 'zod';
import { Conveyance, Edge } from '../conversation';
import { AgentId, ConveyanceId, DraftId, PersonId, SeatId, ServerName, TurnId } from '../ids';
import { AgentMessage } from '../message';
import { MessageText, Name } from '../text';

const SeatAtOpening = z.object({
  id: SeatId,
  agentId: AgentId,
  name: z.string(),
  dialect: z.enum(['rest', 'app-server']),
  threadId: z.string().nullable(),
});

const Usage = z.object({
  promptTokens: z.number(),
  completionTokens: z.number(),
  totalTokens: z.number(),
  steps: z.number(),
});

/** Said of a message that Letta delivered by itself: Parley has only seen it. Absent where Parley carries it. */
const carrier = z.literal('engine').optional();

/** What a message that travels between seats carries at both of its ends. `seat` null: an agent without a seat here. */
const Conveyed = z.object({
  conveyanceId: ConveyanceId,
  from: SeatId.nullable(),
  to: SeatId.nullable(),
  content: z.string(),
  carrier,
});

/** How the author's call is answered: at delivery, with the receiver's reply, or never (relay: there is no call). */
export const CallMode = z.enum(['receipt', 'reply', 'none']);
export type CallMode = z.infer<typeof CallMode>;

export const conversationEntries = {
  'conversation.opened': z.object({
    title: Name,
    server: ServerName,
    seats: z.array(SeatAtOpening).min(2),
    conveyance: Conveyance,
    maxTurns: z.number().int(),
    edges: z.array(Edge),
    observed: z.boolean(),
    sandbox: z.boolean(),
  }),
  /** `conveyance`: what Letta carried by itself is carried by Parley from here on. */
  'conversation.changed': z.object({
    title: Name.optional(),
    maxTurns: z.number().int().optional(),
    state: z.enum(['running', 'paused']).optional(),
    conveyance: z.enum(['tool', 'relay']).optional(),
  }),
  /** `reason` is for people; `cause` on the envelope names the entry that led here. */
  'conversation.stopped': z.object({
    why: z.enum(['person', 'turn_limit', 'agent_deleted', 'server_removed', 'yielded']),
    reason: z.string(),
  }),
  /** A person speaks to the agent in seat `to`, as themselves; or `as` a seat that they hold. */
  'message.spoken': z.object({
    to: SeatId.optional(),
    as: SeatId.optional(),
    content: MessageText,
    personId: PersonId,
    turnId: TurnId,
    otid: z.string(),
  }),
  /** Hidden from the lists. What it holds stays. */
  'conversation.archived': z.object({}),
  /**
   * Recorded before anything leaves: one input goes to the engine. `otid` is null for answers to calls; `seat` is null
   * for an agent that has none here.
   */
  'turn.started': z.object({
    seat: SeatId.nullable(),
    turnId: TurnId,
    input: z.enum(['person', 'message', 'answers']),
    otid: z.string().nullable(),
  }),
  /** `stopReason` is the engine's, or ours: `not_sent`, `lost` (nothing is known of it), `interrupted`,
   * `call_gone` (nobody stood any more at the call that it was to answer). */
  'turn.ended': z.object({
    seat: SeatId.nullable(),
    turnId: TurnId,
    runId: z.string().nullable(),
    stopReason: z.string(),
    usage: Usage.nullable(),
    error: z.string().nullable(),
  }),
  /** `deltaId`: the id under which its pieces were sent, where the engine has given it another one since. */
  'message.seen': AgentMessage.extend({ seat: SeatId, deltaId: z.string().optional() }),
  /** The author's end. `toolCallId` names the call that carries it; `mode` says how that call is answered. */
  'message.sent': Conveyed.extend({
    mode: CallMode,
    messageId: z.string().nullable(),
    toolCallId: z.string().nullable(),
    toName: z.string(),
    toAgentId: AgentId.nullable(),
    fromTurnId: TurnId,
    turnId: TurnId.nullable(),
    /** It waits for a person, as this draft. */
    draftId: DraftId.nullable().optional(),
    /** `otid` of the words of the person who speaks as the seat. */
    spokenOtid: z.string().optional(),
  }),
  /**
   * The receiver's end, when the engine has taken it. `otid` joins it to the receiver's transcript. `latencyMs` is null
   * and `turnId`, too, where Letta delivered it; the author is then named also where it has no seat here.
   */
  'message.received': Conveyed.extend({
    otid: z.string().nullable(),
    turnId: TurnId.nullable(),
    latencyMs: z.number().nullable(),
    fromAgentId: AgentId.optional(),
    fromName: z.string().optional(),
    /** The person who sits in seat `to`: it arrived at them, and the agent has not heard it. */
    personId: PersonId.optional(),
  }),
  /** The author's call has its answer. `text` is what the author reads. */
  'message.answered': z.object({
    conveyanceId: ConveyanceId,
    toolCallId: z.string(),
    status: z.enum(['success', 'error']),
    text: z.string(),
    carrier,
  }),
  /** Not delivered. `outcome_unknown`: the engine cannot say; a person may retry or give up. */
  'message.delivery_failed': z.object({
    conveyanceId: ConveyanceId,
    outcome: z.enum(['failed', 'outcome_unknown', 'refused', 'dropped']),
    reason: z.string(),
    carrier,
  }),
  'message.delivery_retried': z.object({ conveyanceId: ConveyanceId, turnId: TurnId }),
  /** A block of the agent's memory, by whomever it was changed; null where there was or is none of that label. */
  'memory.changed': z.object({
    seat: SeatId,
    label: z.string(),
    before: z.string().nullable(),
    after: z.string().nullable(),
  }),
  'edge.set': Edge,
} as const;
