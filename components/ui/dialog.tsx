'use client';

import type { DialogProps } from './dialog-props';
import { lazyModule } from './lazy-module';
import { tellNotLoaded } from './tell-not-loaded';
import { useHeldLetters } from './use-shortcuts';

/** What draws sheets. Loaded when the page has come to rest, or with the first one that opens. */
export const dialogSheet = lazyModule(() => import('./dialog-sheet'));

/** A sheet over the page: centred from 900 px on, at the bottom below. Escape closes; the focus returns. */
export function Dialog(props: DialogProps) {
  const { open, onOpenChange } = props;
  const sheet = dialogSheet.useLoaded(open, () => {
    onOpenChange(false);
    tellNotLoaded();
  });
  useHeldLetters(open && sheet === null);
  return sheet && <sheet.DialogSheet {...props} />;
}
