'use client';

import { useRef } from 'react';
import { Button } from './button';
import { Dialog } from './dialog';
import { HostileText } from './hostile-text';

type ConfirmDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What is lost, and what stays. */
  description: React.ReactNode;
  /** The verb: `Delete Alice`, never `OK`. */
  confirm: string;
  busy?: boolean;
  onConfirm: () => void;
  children?: React.ReactNode;
};

/** Asks once before something that cannot be undone. The focus starts on the way back. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, title, description, confirm, busy = false, onConfirm, children } = props;
  const back = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      description={description}
      width="narrow"
      initialFocus={back}
      footer={
        <>
          <Button ref={back} onClick={() => onOpenChange(false)}>
            Keep
          </Button>
          <Button variant="danger" busy={busy} onClick={onConfirm}>
            <HostileText text={confirm} wrap={false} />
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
