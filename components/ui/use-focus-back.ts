import { useState } from 'react';

/**
 * For what opens over the page: the focus returns to what it was opened with, if that is still there. To be called
 * within the part that is mounted while it is open, and given to Radix, which otherwise knows of triggers of its own alone.
 */
export function useFocusBack(): (event: Event) => void {
  const [opener] = useState(openerNow);
  return (event) => {
    event.preventDefault();
    opener?.focus();
  };
}

/** What has the focus; within a menu, which is gone in a moment, the control that the menu belongs to. */
function openerNow(): HTMLElement | null {
  if (!(document.activeElement instanceof HTMLElement)) return null;
  const menuOf = document.activeElement.closest('[role=menu]')?.getAttribute('aria-labelledby') ?? null;
  return menuOf === null ? document.activeElement : document.getElementById(menuOf);
}
