'use client';

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useRef } from 'react';
import { classNames } from './class-names';
import type { DialogProps } from './dialog-props';
import { HostileText } from './hostile-text';
import { IconButton } from './icon-button';
import { useFocusBack } from './use-focus-back';

const widths = { narrow: 'desk:max-w-[440px]', regular: 'desk:max-w-[600px]', wide: 'desk:max-w-[860px]' } as const;

/** The first control of what the dialog is about; its close button comes last. */
const firstControl = (content: HTMLElement | null) =>
  content?.querySelector<HTMLElement>(
    '[data-dialog-body] :is(input, textarea, select, button, a[href]):not(:disabled, [type=hidden])',
  );

/** The sheet itself; use dialog.tsx, which loads it. */
export const DialogSheet = (props: DialogProps) => (
  <Radix.Root open={props.open} onOpenChange={props.onOpenChange}>
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-30 bg-veil" />
      <Sheet {...props} />
    </Radix.Portal>
  </Radix.Root>
);

function Sheet(props: DialogProps) {
  const { title, description, width = 'regular', footer, initialFocus, staysOpen = false, children } = props;
  const content = useRef<HTMLDivElement>(null);
  const focusBack = useFocusBack();
  return (
    <Radix.Content
      {...(description === undefined ? { 'aria-describedby': undefined } : {})}
      ref={content}
      onInteractOutside={(event) => staysOpen && event.preventDefault()}
      onOpenAutoFocus={(event) => {
        event.preventDefault();
        (initialFocus?.current ?? firstControl(content.current) ?? content.current)?.focus();
      }}
      onCloseAutoFocus={focusBack}
      className={classNames(
        'fixed z-40 flex max-h-[85dvh] flex-col border-line-strong bg-raised outline-none',
        'inset-x-0 bottom-0 border-t desk:inset-x-4 desk:top-[12dvh] desk:bottom-auto desk:mx-auto desk:max-h-[76dvh] desk:rounded-card desk:border',
        widths[width],
      )}
    >
      <header className="flex flex-none items-start gap-2 border-line border-b py-2.5 pr-2 pl-4">
        <div className="min-w-0 flex-1">
          <Radix.Title className="font-name text-ui">
            <HostileText text={title} />
          </Radix.Title>
          {description !== undefined && (
            <Radix.Description className="mt-0.5 text-meta text-text-2">{description}</Radix.Description>
          )}
        </div>
        <Radix.Close asChild>
          <IconButton icon={X} label="Close" keys="escape" size="small" />
        </Radix.Close>
      </header>
      {children && (
        <div data-dialog-body className="thin-scroll min-h-0 flex-1 overflow-y-auto px-4 py-3">
          {children}
        </div>
      )}
      {footer && (
        <footer
          className={classNames(
            'flex flex-none flex-wrap items-center justify-end gap-2 px-4 py-2.5',
            Boolean(children) && 'border-line border-t',
          )}
        >
          {footer}
        </footer>
      )}
    </Radix.Content>
  );
}
