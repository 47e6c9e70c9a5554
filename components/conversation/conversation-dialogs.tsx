'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { EndConversation } from '@/components/shell/end-conversation';
import { countText } from '@/components/ui/count-text';
import { DialogForm } from '@/components/ui/dialog-form';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { useChangeConversation } from '@/lib/client/conversation-mutations';
import type { Conversation } from '@/lib/protocol/conversation';
import type { Jump } from './use-jump';

type DialogProps = { conversation: Conversation; onClose: () => void };

/** Gives the conversation another name. */
export function RenameDialog({ conversation, onClose }: DialogProps) {
  const [title, setTitle] = useState(conversation.title);
  const change = useChangeConversation(conversation.id);
  const save = () => change.mutate({ title }, { onSuccess: onClose });
  return (
    <DialogForm
      title="Rename"
      width="narrow"
      submit="Rename"
      busy={change.isPending}
      error={change.error?.message}
      onSubmit={save}
      onClose={onClose}
    >
      <Field label="Title">
        {(control) => (
          <Input {...control} value={title} maxLength={200} onChange={(event) => setTitle(event.target.value)} />
        )}
      </Field>
    </DialogForm>
  );
}

const MORE = 50;

/** Lets the agents carry more messages before the conversation stops. */
export function MoreTurnsDialog({ conversation, onClose }: DialogProps) {
  const [bound, setBound] = useState(String(Math.min(10_000, conversation.maxTurns + MORE)));
  const change = useChangeConversation(conversation.id);
  const save = () => change.mutate({ maxTurns: Number(bound) }, { onSuccess: onClose });
  return (
    <DialogForm
      title="More turns"
      width="narrow"
      submit="Set"
      busy={change.isPending}
      error={change.error?.message}
      onSubmit={save}
      onClose={onClose}
    >
      <Field
        label="Stop after this many messages"
        hint={`${countText(conversation.turns)} of ${countText(conversation.maxTurns)} were carried so far. A turn is one message that is carried.`}
      >
        {(control) => (
          <Input
            {...control}
            type="number"
            inputMode="numeric"
            min={1}
            max={10_000}
            value={bound}
            onChange={(event) => setBound(event.target.value)}
          />
        )}
      </Field>
    </DialogForm>
  );
}

type GoToTimeProps = { createdAt: string; jump: Jump; onClose: () => void };

/** Asks for a day and a time, and goes to what was said from then on. */
export function GoToTimeDialog({ createdAt, jump, onClose }: GoToTimeProps) {
  const [local, setLocal] = useState(() => localTime(new Date()));
  const [tried, setTried] = useState(false);
  const at = new Date(local);
  const isWrong = Number.isNaN(at.getTime());
  const save = () => {
    setTried(true);
    if (isWrong) return;
    onClose();
    void jump({ time: at.toISOString() });
  };
  return (
    <DialogForm
      title="Go to a time"
      width="narrow"
      submit="Go there"
      busy={false}
      error={undefined}
      onSubmit={save}
      onClose={onClose}
    >
      <Field
        label="Day and time"
        hint="In your time zone. What was said then or next is shown."
        error={tried && isWrong ? 'A day and a time are needed.' : undefined}
      >
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            step={1}
            min={localTime(new Date(createdAt))}
            value={local}
            onChange={(event) => setLocal(event.target.value)}
          />
        )}
      </Field>
    </DialogForm>
  );
}

/** `2026-11-21T11:40:52` in the reader's time zone, as the field for it takes it. */
const localTime = (at: Date): string =>
  new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);

/** Asks before the conversation is stopped, or taken out of the lists; then it is left. */
export function EndDialog(props: DialogProps & { how: 'stop' | 'archive' }) {
  const router = useRouter();
  return <EndConversation {...props} onArchived={() => router.push('/conversations')} />;
}
