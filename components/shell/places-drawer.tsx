'use client';

import { Dialog as Radix } from 'radix-ui';
import { Mark } from './mark';
import { settingsPlace } from './places';
import { PlaceLink, PlaceLinks } from './rail';

/** The rail below 900 px: over the page, from the left, until a place is chosen. */
export function PlacesDrawer({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const close = () => onOpenChange(false);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-30 bg-veil" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-40 flex w-64 max-w-[80vw] flex-col border-line-strong border-r bg-ground px-2 pb-2 outline-none"
        >
          <Radix.Title className="mb-1.5 flex h-11 items-center gap-2.5 px-2 font-strong text-[14px]">
            <Mark />
            Parley
          </Radix.Title>
          <nav aria-label="Places" className="flex flex-1 flex-col gap-0.5">
            <PlaceLinks open onGo={close} />
            <div className="mt-auto">
              <PlaceLink place={settingsPlace} open onGo={close} />
            </div>
          </nav>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
