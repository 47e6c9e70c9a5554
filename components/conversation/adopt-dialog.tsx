'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { ChoiceCards } from '@/components/ui/choice-cards';
import { Dialog } from '@/components/ui/dialog';
import { FieldError } from '@/components/ui/field';
import { useChangeConversation } from '@/lib/client/conversation-mutations';
import type { Conversation } from '@/lib/protocol/conversation';

const choices = [
  {
    value: 'tool',
    label: 'Carried by Parley',
    detail: 'The agents’ messaging calls stop here, and Parley delivers them. Edges can hold them for review.',
  },
  {
    value: 'relay',
    label: 'Relayed',
    detail: 'Parley carries each finished message to the other seat. For two seats; no tools are needed.',
  },
] as const;

/** Takes over what Letta carries by itself: asks how, and says what follows. */
export function AdoptDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const [conveyance, setConveyance] = useState<'tool' | 'relay'>('tool');
  const change = useChangeConversation(conversation.id);
  const offered = conversation.seats.length === 2 ? choices : choices.slice(0, 1);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Adopt this conversation?"
      description="Letta delivers its messages by itself so far, and Parley watches. From here on Parley carries them, and its bound of turns holds. What was said stays."
      footer={
        <>
          <Button onClick={onClose}>Keep watching</Button>
          <Button
            variant="primary"
            busy={change.isPending}
            onClick={() => change.mutate({ conveyance }, { onSuccess: onClose })}
          >
            Adopt
          </Button>
        </>
      }
    >
      <ChoiceCards
        label="How messages travel from here on"
        columns="one"
        value={conveyance}
        choices={offered}
        onChange={setConveyance}
      />
      {change.error && <FieldError>{change.error.message}</FieldError>}
    </Dialog>
  );
}
