'use client';

import { useEffect, useId, useRef, useState } from 'react';
import { Button } from './button';
import { Dialog } from './dialog';
import { FieldError } from './field';
import { useShortcuts } from './use-shortcuts';

type DialogFormProps = {
  title: string;
  description?: React.ReactNode;
  width?: 'narrow' | 'regular' | 'wide';
  /** The verb on the primary button. */
  submit: string;
  busy: boolean;
  /** Nothing can be submitted as things stand; what stands in the form says why. */
  blocked?: boolean;
  /** What is wrong and belongs to no single field; stands beside the buttons, where the eye is. */
  error: string | undefined;
  onSubmit: () => void;
  onClose: () => void;
  children: React.ReactNode;
};

const invalid = '[aria-invalid=true], [data-invalid] :is(input, button, select, textarea)';

/** A form in a sheet. ⌘⏎ submits from anywhere in it; after a refusal the first field that is wrong has the focus. */
export function DialogForm(props: DialogFormProps) {
  const { title, description, width, submit, busy, blocked = false, error, onSubmit, onClose, children } = props;
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const seeksError = useRef(false);
  const [isBegun, setBegun] = useState(false);
  const send = () => {
    if (busy || blocked) return;
    seeksError.current = true;
    onSubmit();
  };
  useShortcuts(title, [{ keys: 'mod+enter', label: submit, run: send }]);
  useEffect(() => {
    const wrong = seeksError.current ? form.current?.querySelector<HTMLElement>(invalid) : null;
    if (!wrong) return;
    seeksError.current = false;
    wrong.focus();
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      description={description}
      staysOpen={isBegun}
      {...(width ? { width } : {})}
      footer={
        <>
          <div aria-live="polite" className="-mb-2 min-w-0 basis-full has-[p]:-mt-1.5 has-[p]:mb-0">
            {error && <FieldError>{error}</FieldError>}
          </div>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={id} variant="primary" keys="mod+enter" busy={busy} disabled={blocked}>
            {submit}
          </Button>
        </>
      }
    >
      <form
        id={id}
        ref={form}
        noValidate
        className="grid grid-cols-[minmax(0,1fr)] gap-4 pb-1"
        onInput={() => {
          seeksError.current = false;
          setBegun(true);
        }}
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}
