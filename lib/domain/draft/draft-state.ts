import type {
  Dispatch,
  DraftAuthor,
  DraftKind,
  DraftStatus,
  DraftTarget,
  VerdictGiven,
  VerdictKind,
} from '@/lib/protocol/draft';
import type { AgentId, ConversationId, ConveyanceId, DraftId, RuleId, ServerName, TurnId } from '@/lib/protocol/ids';
import type { ToolCall } from '@/lib/protocol/message';

/** A verdict as decisions see it; when it was given is the ledger's to say. */
export type VerdictState = Omit<VerdictGiven, 'at'>;

/** What decisions about a draft are made from. */
export type DraftState = {
  id: DraftId;
  kind: DraftKind;
  conversationId: ConversationId | null;
  /** The message on its way that it is; null for a call of a tool. */
  conveyanceId: ConveyanceId | null;
  server: ServerName;
  threadId: string | null;
  from: DraftAuthor;
  to: DraftTarget;
  content: string;
  contentHash: string;
  /** The approval request at which its author stands, and the call in it. */
  messageId: string | null;
  /** Root of the turn in which its author wrote it. */
  fromTurnId: TurnId | null;
  runId: string | null;
  toolCall: ToolCall | null;
  allowed: readonly VerdictKind[];
  reviewers: number;
  undoSeconds: number;
  status: DraftStatus;
  verdicts: readonly VerdictState[];
  dispatch: Dispatch['state'] | null;
};

/** What is said once for all that look alike, as long as it is in force. */
export type RuleState = {
  id: RuleId;
  effect: 'pass' | 'ask';
  fromAgentId: AgentId | null;
  toAgentId: AgentId | null;
  tool: string | null;
  text: string | null;
};

/** Whether nothing about it can change any more but by undoing. */
export const isSettled = ({ status }: Pick<DraftState, 'status'>): boolean => status !== 'pending';

/** The verdict that decided, where a person did. */
export const decidingVerdict = ({ status, verdicts }: Pick<DraftState, 'status' | 'verdicts'>): VerdictState | null =>
  status === 'pending' || status === 'expired' || status === 'withdrawn' ? null : (verdicts.at(-1) ?? null);

/** Whether the verdict lets the draft through to its receiver. */
export const letsThrough = ({ status }: Pick<DraftState, 'status'>): boolean =>
  status === 'approved' || status === 'edited';
