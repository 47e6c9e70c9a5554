import { z } from 'zod';
import { DraftAuthor, DraftKind, DraftTarget, HeldBy, VerdictKind } from '../draft';
import { AgentId, ConversationId, ConveyanceId, DraftId, RuleId, ServerName, TurnId } from '../ids';
import { ToolCall } from '../message';

const draftId = DraftId;
/** A verdict; the actor is who gave it. `isFinal` is false where a second person has to approve, too. */
const Verdict = z.object({
  draftId,
  contentHash: z.string(),
  reason: z.string().optional(),
  isFinal: z.boolean(),
  /** How long it can be taken back before anything leaves. */
  undoSeconds: z.number().int(),
});

/** Stream `inbox`: what waits for people, what they said, and what became of it. */
export const draftEntries = {
  /** Parked, before anything has left. `messageId` and `toolCall` name the call at which its author stands. */
  'draft.offered': z.object({
    draftId,
    kind: DraftKind,
    conversationId: ConversationId.nullable(),
    conveyanceId: ConveyanceId.nullable(),
    server: ServerName,
    threadId: z.string().nullable(),
    from: DraftAuthor,
    to: DraftTarget,
    content: z.string(),
    messageId: z.string().nullable(),
    /** Root of the turn in which its author wrote it. */
    fromTurnId: TurnId.nullable(),
    runId: z.string().nullable(),
    toolCall: ToolCall.optional(),
    why: z.string(),
    heldBy: HeldBy,
    ruleId: RuleId.optional(),
    allowed: z.array(VerdictKind),
    reviewers: z.number().int(),
    expirySeconds: z.number().int().nullable(),
    undoSeconds: z.number().int(),
  }),
  'draft.approved': Verdict,
  /** What the author wrote stands in draft.offered, what goes out instead here: both whole, so that any diff can be made. */
  'draft.edited': Verdict.extend({ content: z.string() }),
  'draft.responded': Verdict.extend({ content: z.string() }),
  'draft.rejected': Verdict,
  'draft.ignored': Verdict,
  'draft.expired': z.object({ draftId }),
  /** Nobody waits for it any more: its conversation ended, or the call that carried it is gone. */
  'draft.withdrawn': z.object({ draftId, reason: z.string() }),
  /** A verdict was taken back: the draft waits again, with a fresh deadline. */
  'draft.undone': z.object({ draftId, verdict: VerdictKind }),
  /** The verdict takes its way: `deliver` to the receiver, `answer` to the author. */
  'draft.dispatched': z.object({
    draftId,
    way: z.enum(['deliver', 'answer']),
    turnId: TurnId.nullable(),
    /** The message as which Parley carries it from now on, where it was the engine's to deliver before. */
    conveyanceId: ConveyanceId.optional(),
  }),
  'draft.delivered': z.object({ draftId }),
  'draft.delivery_failed': z.object({
    draftId,
    outcome: z.enum(['failed', 'outcome_unknown', 'dropped']),
    reason: z.string(),
  }),
  'rule.made': z.object({
    ruleId: RuleId,
    effect: z.enum(['pass', 'ask']),
    fromAgentId: AgentId.nullable(),
    toAgentId: AgentId.nullable(),
    tool: z.string().nullable(),
    text: z.string().nullable(),
    note: z.string().nullable(),
    expiresInSeconds: z.number().int().nullable(),
  }),
  'rule.revoked': z.object({ ruleId: RuleId }),
  /** Something passed without a person, or was parked, because of a rule. */
  'rule.used': z.object({
    ruleId: RuleId,
    effect: z.enum(['pass', 'ask']),
    conversationId: ConversationId.nullable(),
    conveyanceId: ConveyanceId.nullable(),
    draftId: DraftId.nullable(),
  }),
} as const;
