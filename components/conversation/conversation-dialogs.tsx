'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Dialog } from '@/components/ui/dialog';
import { Field, FieldError } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { useChangeConversation, useDeleteConversation } from '@/lib/client/conversation-mutations';
import type { Conversation } from '@/lib/protocol/conversation';
import type { Jump } from './use-jump';

type DialogProps = { conversation: Conversation; onClose: () => void };

/** Gives the conversation another name. */
export function RenameDialog({ conversation, onClose }: DialogProps) {
  const [title, setTitle] = useState(conversation.title);
  const change = useChangeConversation(conversation.id);
  const save = () => change.mutate({ title }, { onSuccess: onClose });
  return (
    <OneFieldDialog
      title="Rename"
      confirm="Rename"
      busy={change.isPending}
      error={change.error}
      onSave={save}
      onClose={onClose}
    >
      <Field label="Title">
        {(control) => (
          <Input {...control} value={title} maxLength={200} onChange={(event) => setTitle(event.target.value)} />
        )}
      </Field>
    </OneFieldDialog>
  );
}

const MORE = 50;

/** Lets the agents carry more messages before the conversation stops. */
export function MoreTurnsDialog({ conversation, onClose }: DialogProps) {
  const [bound, setBound] = useState(String(Math.min(10_000, conversation.maxTurns + MORE)));
  const change = useChangeConversation(conversation.id);
  const save = () => change.mutate({ maxTurns: Number(bound) }, { onSuccess: onClose });
  return (
    <OneFieldDialog
      title="More turns"
      confirm="Set"
      busy={change.isPending}
      error={change.error}
      onSave={save}
      onClose={onClose}
    >
      <Field
        label="Stop after this many messages"
        hint={`${conversation.turns} of ${conversation.maxTurns} were carried so far. A turn is one message that is carried.`}
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
    </OneFieldDialog>
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
    <OneFieldDialog title="Go to a time" confirm="Go there" busy={false} error={null} onSave={save} onClose={onClose}>
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
    </OneFieldDialog>
  );
}

/** `2026-11-21T11:40:52` in the reader's time zone, as the field for it takes it. */
const localTime = (at: Date): string =>
  new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);

/** Asks before the conversation is taken out of the lists. */
export function ArchiveDialog({ conversation, onClose }: DialogProps) {
  const router = useRouter();
  const archive = useDeleteConversation(conversation.id);
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Archive this conversation?"
      description="It stops and leaves the lists. What was said stays in the ledger, and its address still leads to it."
      confirm="Archive conversation"
      busy={archive.isPending}
      onConfirm={() => archive.mutate(null, { onSuccess: () => router.push('/conversations') })}
    >
      {archive.error && <FieldError>{archive.error.message}</FieldError>}
    </ConfirmDialog>
  );
}

/** Asks before the conversation is stopped for good. */
export function StopDialog({ conversation, onClose }: DialogProps) {
  const change = useChangeConversation(conversation.id);
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Stop this conversation?"
      description="Nothing more is carried in it, and it cannot be started again. What was said stays, and its agents are free for another."
      confirm="Stop conversation"
      busy={change.isPending}
      onConfirm={() => change.mutate({ state: 'stopped' }, { onSuccess: onClose })}
    >
      {change.error && <FieldError>{change.error.message}</FieldError>}
    </ConfirmDialog>
  );
}

type OneFieldDialogProps = {
  title: string;
  confirm: string;
  busy: boolean;
  error: Error | null;
  onSave: () => void;
  onClose: () => void;
  children: React.ReactNode;
};

function OneFieldDialog({ title, confirm, busy, error, onSave, onClose, children }: OneFieldDialogProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      width="narrow"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={busy} onClick={onSave}>
            {confirm}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSave();
        }}
      >
        {children}
        {error && <FieldError>{error.message}</FieldError>}
      </form>
    </Dialog>
  );
}
