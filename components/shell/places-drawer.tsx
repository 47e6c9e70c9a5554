'use client';

import { Dialog as Radix } from 'radix-ui';
import { useFocusBack } from '@/components/ui/use-focus-back';
import { Mark } from './mark';
import { settingsPlace } from './places';
import { PlaceLink, PlaceLinks } from './rail';

/** The rail below 900 px: over the page, from the left, until a place is chosen. */
export const PlacesDrawer = ({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) => (
  <Radix.Root open={open} onOpenChange={onOpenChange}>
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-30 bg-veil" />
      <Drawer close={() => onOpenChange(false)} />
    </Radix.Portal>
  </Radix.Root>
);

function Drawer({ close }: { close: () => void }) {
  const focusBack = useFocusBack();
  return (
    <Radix.Content
      aria-describedby={undefined}
      onCloseAutoFocus={focusBack}
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
  );
}
