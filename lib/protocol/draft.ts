import { z } from 'zod';
import { AgentId, ConversationId, DraftId, PersonId, RuleId, SeatId } from './ids';
import { ToolCall } from './message';
import { PageQuery } from './page';
import { MessageText, Name, Timestamp } from './text';

/** What a person may answer to a draft. */
export const verdictKinds = ['approve', 'edit', 'respond', 'reject', 'ignore'] as const;
export const VerdictKind = z.enum(verdictKinds);
export type VerdictKind = z.infer<typeof VerdictKind>;

export const DraftKind = z.enum(['message', 'tool_call']);
export type DraftKind = z.infer<typeof DraftKind>;

/** `pending` until a person has decided, its time has run out, or nobody waits for it any more. */
export const DraftStatus = z.enum([
  'pending',
  'approved',
  'edited',
  'responded',
  'rejected',
  'ignored',
  'expired',
  'withdrawn',
]);
export type DraftStatus = z.infer<typeof DraftStatus>;

/**
 * Why something waits: an edge in review or hold, a message that leaves its conversation, a tool that stops for approval
 * in Letta, or a standing rule that always asks.
 */
export const HeldBy = z.enum(['edge', 'leaving', 'approval', 'rule', 'quarantine']);
export type HeldBy = z.infer<typeof HeldBy>;

/** Who wrote a draft. `seat` where the agent sits in the draft's conversation. */
export const DraftAuthor = z.object({ seat: SeatId.optional(), agentId: AgentId, name: z.string() });
export type DraftAuthor = z.infer<typeof DraftAuthor>;

/** For whom it is. Without `agentId`: a tool, by its name. */
export const DraftTarget = z.object({ seat: SeatId.optional(), agentId: AgentId.optional(), name: z.string() });
export type DraftTarget = z.infer<typeof DraftTarget>;

/** What a person has said. `content`: the edited text, or the answer to the author. */
export const VerdictGiven = z.object({
  personId: PersonId,
  name: z.string(),
  verdict: VerdictKind,
  content: z.string().optional(),
  reason: z.string().optional(),
  at: Timestamp,
});
export type VerdictGiven = z.infer<typeof VerdictGiven>;

/**
 * What became of a verdict. `undoable` until `undoUntil`; `dispatching` on its way to the receiver (or, where the verdict
 * lets nothing through, to the author); `failed`: `error` says whether it is known that it did not arrive.
 */
export const Dispatch = z.object({
  state: z.enum(['undoable', 'dispatching', 'delivered', 'failed']),
  undoUntil: Timestamp.nullable(),
  error: z.string().optional(),
  /** Whether a person may send it again: POST …/retry. */
  canRetry: z.boolean(),
});
export type Dispatch = z.infer<typeof Dispatch>;

/** Somebody who has a draft open now. */
export const DraftViewer = z.object({ personId: PersonId, name: z.string() });
export type DraftViewer = z.infer<typeof DraftViewer>;

/**
 * One thing that waits for a person, or did. `content` is what the author wrote, without an engine's wrapping; for a tool
 * call the canonical JSON (RFC 8785) of its arguments. `contentHash` is the lower-case hex SHA-256 of its UTF-8.
 */
export const Draft = z.object({
  id: DraftId,
  kind: DraftKind,
  conversationId: ConversationId.nullable(),
  from: DraftAuthor,
  to: DraftTarget,
  content: z.string(),
  toolCall: ToolCall.optional(),
  contentHash: z.string(),
  /** In words, for people; `heldBy` and `ruleId` for programs. */
  why: z.string(),
  heldBy: HeldBy,
  ruleId: RuleId.optional(),
  status: DraftStatus,
  /** The verdicts that the way it travels can honour; `notAllowed` says why the others are not among them. */
  allowed: z.array(VerdictKind),
  notAllowed: z.partialRecord(VerdictKind, z.string()),
  reviewers: z.number().int(),
  /** So long can a verdict about it be taken back, whatever its edge is set to by now. */
  undoSeconds: z.number().int(),
  verdictsGiven: z.array(VerdictGiven),
  /** Who has it open now, the reader included: volatile, told on the stream `inbox` when it changes. */
  viewers: z.array(DraftViewer),
  createdAt: Timestamp,
  expiresAt: Timestamp.nullable(),
  /** Seq of the entry with which it was offered. */
  entry: z.number().int().optional(),
  /** Why it was withdrawn. */
  withdrawnReason: z.string().optional(),
  dispatch: Dispatch.nullable(),
});
export type Draft = z.infer<typeof Draft>;

export const DraftQuery = PageQuery.extend({
  status: DraftStatus.optional(),
  conversationId: ConversationId.optional(),
});
export type DraftQuery = z.infer<typeof DraftQuery>;

const ContentHash = z.string().regex(/^[0-9a-f]{64}$/, 'a content hash is 64 characters of 0–9 and a–f');
const Reason = z.string().trim().max(4_000, 'at most 4,000 characters');

/** `content` is the edited text of `edit`, or what `respond` answers; `reason` is read by the author of a rejected draft. */
export const GiveVerdict = z
  .strictObject({
    verdict: VerdictKind,
    contentHash: ContentHash,
    content: MessageText.optional(),
    reason: Reason.optional(),
  })
  .superRefine(({ verdict, content }, context) => {
    const takesContent = verdict === 'edit' || verdict === 'respond';
    if (takesContent && content?.trim() === '') {
      context.addIssue({ code: 'custom', path: ['content'], message: 'must not be blank' });
      return;
    }
    if (takesContent === (content !== undefined)) return;
    const message = takesContent ? `${verdict} needs the text` : `${verdict} takes no content; edit and respond do`;
    context.addIssue({ code: 'custom', path: ['content'], message });
  });
export type GiveVerdict = z.infer<typeof GiveVerdict>;

/** One verdict for several drafts, each bound to what was shown of it. */
export const GiveVerdicts = z.strictObject({
  verdict: z.enum(['approve', 'reject', 'ignore']),
  reason: Reason.optional(),
  items: z
    .array(z.strictObject({ draftId: DraftId, contentHash: ContentHash }))
    .min(1, 'name at least one draft')
    .max(500, 'at most 500 drafts'),
});
export type GiveVerdicts = z.infer<typeof GiveVerdicts>;

/** In the order of the items; `code` is that of the error with which a single verdict would have been refused. */
export const VerdictResults = z.object({
  results: z.array(
    z.object({ draftId: DraftId, ok: z.boolean(), code: z.string().optional(), message: z.string().optional() }),
  ),
});
export type VerdictResults = z.infer<typeof VerdictResults>;

/**
 * What always passes, or always asks, without a person being asked each time. What is null matches anything. `text` is
 * found in the content: `*` stands for any characters, everything else for itself, without regard to case.
 */
export const StandingRule = z.object({
  id: RuleId,
  effect: z.enum(['pass', 'ask']),
  fromAgentId: AgentId.nullable(),
  toAgentId: AgentId.nullable(),
  tool: z.string().nullable(),
  text: z.string().nullable(),
  note: z.string().nullable(),
  createdBy: z.object({ personId: PersonId, name: z.string() }),
  createdAt: Timestamp,
  expiresAt: Timestamp.nullable(),
  revokedAt: Timestamp.nullable(),
  uses: z.number().int(),
  lastUsedAt: Timestamp.nullable(),
});
export type StandingRule = z.infer<typeof StandingRule>;

export const MakeRule = z
  .strictObject({
    effect: z.enum(['pass', 'ask']),
    fromAgentId: AgentId.optional(),
    toAgentId: AgentId.optional(),
    tool: Name.optional(),
    text: z.string().min(1).max(1_000).optional(),
    note: Name.optional(),
    expiresInSeconds: z.number().int().min(1).max(31_536_000, 'at most a year').optional(),
  })
  .refine(
    // A text of nothing but stars is found in everything.
    ({ fromAgentId, toAgentId, tool, text }) => [fromAgentId, toAgentId, tool, text?.replaceAll('*', '')].some(Boolean),
    'say at least one of fromAgentId, toAgentId, tool and text: a rule for everything is no rule',
  );
export type MakeRule = z.infer<typeof MakeRule>;
