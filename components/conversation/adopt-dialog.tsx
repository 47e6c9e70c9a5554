'use client';

import { useState } from 'react';
import { conveyanceWords } from '@/components/shell/conveyance-words';
import { ChoiceCards } from '@/components/ui/choice-cards';
import { DialogForm } from '@/components/ui/dialog-form';
import { useChangeConversation } from '@/lib/client/conversation-mutations';
import type { Conversation } from '@/lib/protocol/conversation';

const choices = [
  {
    value: 'tool',
    label: conveyanceWords.tool.short,
    detail: 'The agents’ messaging calls stop here, and Parley delivers them. Edges can hold them for review.',
  },
  {
    value: 'relay',
    label: conveyanceWords.relay.short,
    detail: 'Parley carries each finished message to the other seat. For two seats; no tools are needed.',
  },
] as const;

/** Takes over what Letta carries by itself: asks how, and says what follows. */
export function AdoptDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const [conveyance, setConveyance] = useState<'tool' | 'relay'>('tool');
  const change = useChangeConversation(conversation.id);
  const offered = conversation.seats.length === 2 ? choices : choices.slice(0, 1);
  return (
    <DialogForm
      title="Adopt this conversation?"
      description="Letta delivers its messages by itself so far, and Parley watches. From here on Parley carries them, and its bound of turns holds. What was said stays."
      submit="Adopt"
      busy={change.isPending}
      error={change.error?.message}
      onSubmit={() => change.mutate({ conveyance }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <ChoiceCards
        label="How messages travel from here on"
        columns="one"
        value={conveyance}
        choices={offered}
        onChange={setConveyance}
      />
    </DialogForm>
  );
}
