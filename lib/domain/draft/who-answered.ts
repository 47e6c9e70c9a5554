import type { CallResult } from '@/lib/domain/conversation/conversation-state';
import type { AgentMessage, ApprovalAnswer, ToolReturn } from '@/lib/protocol/message';
import { returnsOf } from '@/lib/protocol/message-calls';

/** An engine may cut a long result: so much of it tells whose it is. */
const TELLING_CHARACTERS = 200;

/**
 * Whose answers to a request the engine has recorded: those that we have `given`, or somebody else's; `unknown` where
 * what it lists after the request tells of none. An engine notes who answered only in what the answer says.
 */
export function whoAnswered(
  given: readonly CallResult[],
  listed: readonly AgentMessage[],
): 'we' | 'others' | 'unknown' {
  const approvals = listed.flatMap((message) => message.approvals ?? []);
  const returns = listed.flatMap(returnsOf);
  const judged = given.flatMap((result) => {
    const isOf = ({ toolCallId }: { toolCallId: string }) => toolCallId === result.toolCallId;
    const ours = isOurs(result, approvals.find(isOf), returns.find(isOf));
    return ours === null ? [] : [ours];
  });
  if (judged.length === 0) return 'unknown';
  return judged.every((ours) => ours) ? 'we' : 'others';
}

/** Null where nothing tells. */
function isOurs(
  { leave, text }: CallResult,
  approval: ApprovalAnswer | undefined,
  returned: ToolReturn | undefined,
): boolean | null {
  if (leave === undefined) {
    if (typeof approval?.approve === 'boolean') return false;
    return returned ? returned.text.includes(text.slice(0, TELLING_CHARACTERS)) : approval ? true : null;
  }
  if (!approval) return null;
  return approval.approve === (leave === 'approve') && approval.reason === text;
}
