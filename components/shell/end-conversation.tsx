'use client';

import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { FieldError } from '@/components/ui/field';
import { useChangeConversation, useDeleteConversation } from '@/lib/client/conversation-mutations';
import type { Conversation } from '@/lib/protocol/conversation';

const words = {
  stop: {
    verb: 'Stop',
    follows:
      'Nothing more is carried in it, and it cannot be started again. What was said stays, and its agents are free for another.',
  },
  archive: {
    verb: 'Archive',
    follows: 'It stops and leaves the lists. What was said stays in the ledger, and its address still leads to it.',
  },
} as const;

type EndConversationProps = {
  conversation: Conversation;
  how: keyof typeof words;
  onClose: () => void;
  /** It has left the lists. */
  onArchived: () => void;
};

/** Asks before a conversation is stopped for good, or taken out of the lists as well. */
export function EndConversation({ conversation, how, onClose, onArchived }: EndConversationProps) {
  const change = useChangeConversation(conversation.id);
  const archive = useDeleteConversation(conversation.id);
  const error = change.error ?? archive.error;
  const { verb, follows } = words[how];
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`${verb} “${conversation.title}”?`}
      description={follows}
      confirm={`${verb} conversation`}
      busy={change.isPending || archive.isPending}
      onConfirm={() => {
        if (how === 'stop') change.mutate({ state: 'stopped' }, { onSuccess: onClose });
        else archive.mutate(null, { onSuccess: onArchived });
      }}
    >
      {error && <FieldError>{error.message}</FieldError>}
    </ConfirmDialog>
  );
}
