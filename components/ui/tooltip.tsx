'use client';

import { Tooltip as Radix } from 'radix-ui';
import { Keycap } from './keycap';

type TooltipProps = {
  label: React.ReactNode;
  keys?: string;
  side?: 'top' | 'right' | 'bottom' | 'left';
  children: React.ReactElement;
};

/** Says on hover and on focus what the child is. The child must be focusable and must have a name of its own. */
export function Tooltip({ label, keys, side = 'bottom', children }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 flex max-w-80 items-center gap-2 rounded-control border border-line-strong bg-raised px-2 py-1 text-meta text-text"
        >
          {label}
          {keys && <Keycap keys={keys} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export const TooltipProvider = ({ children }: { children: React.ReactNode }) => (
  <Radix.Provider delayDuration={400} skipDelayDuration={150}>
    {children}
  </Radix.Provider>
);
