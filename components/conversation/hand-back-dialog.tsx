'use client';

import { useState } from 'react';
import { DialogForm } from '@/components/ui/dialog-form';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/textarea';
import { useHandBackSeat } from '@/lib/client/seat-mutations';
import type { Seat } from '@/lib/protocol/conversation';
import { justHandedBack, seatKey } from './just-taken';

type HandBackDialogProps = { conversationId: string; seat: Seat; name: string; onClose: () => void };

/** Asks what the agent is to know before it goes on in its seat. */
export function HandBackDialog({ conversationId, seat, name, onClose }: HandBackDialogProps) {
  const handBack = useHandBackSeat(conversationId);
  const [summary, setSummary] = useState('');
  const told = summary.trim();
  return (
    <DialogForm
      title={`Hand ${name}’s seat back`}
      description={`${name} goes on with what waits. Whoever still waits for an answer is heard by ${name}.`}
      submit="Hand back"
      busy={handBack.isPending}
      error={handBack.error?.message}
      onSubmit={() => {
        justHandedBack.set(seatKey(conversationId, seat.id)); // now: the stream may be faster than the answer
        handBack.mutate(
          { seat: seat.id, ...(told === '' ? {} : { summary: told }) },
          { onSuccess: onClose, onError: () => justHandedBack.set(null) },
        );
      }}
      onClose={onClose}
    >
      <Field label={`Summary for ${name}`} aside="optional" hint={`${name} reads it before anything else that waits.`}>
        {(control) => <Textarea {...control} value={summary} onChange={(event) => setSummary(event.target.value)} />}
      </Field>
    </DialogForm>
  );
}
