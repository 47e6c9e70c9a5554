import type { DraftState } from '@/lib/domain/draft/draft-state';
import { system } from '@/lib/protocol/actor';
import { isAppError } from '@/lib/protocol/errors';
import { DraftId } from '@/lib/protocol/ids';
import type { Runtime } from '../runtime';
import { commitDraft } from './commit-draft';

/** Nobody waits for it any more, and why; whoever decided about it meanwhile was faster. */
export async function withdrawDraft(rt: Runtime, { id }: Pick<DraftState, 'id'>, reason: string): Promise<void> {
  const event = { kind: 'withdraw' as const, reason };
  await commitDraft(rt, { workspaceId: rt.workspaceId, draftId: DraftId.parse(id), event, by: system }).catch(
    (error: unknown) => {
      if (!isAppError(error) || error.code !== 'draft.already_decided') throw error;
    },
  );
}

/** Why one is withdrawn that was outside any conversation. */
export const isSeatedNow = (name: string): string =>
  `${name} sits in a conversation now, where its calls are followed.`;

/** Why one is withdrawn whose server is. */
export const isDisconnected = (server: string): string => `${server} was disconnected.`;

/** Why one is withdrawn whose author was deleted. */
export const isGone = (name: string): string => `${name} is gone.`;
