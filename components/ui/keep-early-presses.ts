/** Told to the window: React has taken the page over; and then: what the page begins with is done. */
export const TAKEN_OVER = 'parley:taken-over';
export const AWAKE = 'parley:awake';

/**
 * Remembers the buttons that are pressed and the forms that are sent before React has taken the page over, and does it
 * again then: each once, in their order. Links work without; what is typed meanwhile stays in its field (keep-typed).
 * INVARIANT: it stands in the document as its own text and runs before any file is there: it uses nothing from outside.
 */
export function keepEarlyPresses(takenOver: string, awake: string): void {
  type Press = { event: Event; on: Element; again: () => void };
  let presses: Press[] = [];
  const remember = (press: Press) => {
    if (!presses.some(({ on }) => on === press.on)) presses.push(press);
  };
  const onClick = (event: Event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    if (button === null || (button.type === 'submit' && button.form)) return;
    remember({ event, on: button, again: () => button.click() });
  };
  const onSubmit = (event: Event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    event.preventDefault(); // sent by the browser itself, its fields would stand in the address
    remember({ event, on: form, again: () => form.requestSubmit() });
  };
  window.addEventListener('click', onClick, true);
  window.addEventListener('submit', onSubmit, true);
  window.addEventListener(
    takenOver,
    () => {
      window.removeEventListener('click', onClick, true);
      window.removeEventListener('submit', onSubmit, true);
      const now = window.event; // a press can be what made React take the page over: then it hears that one itself
      presses = presses.filter(({ event }) => event !== now);
    },
    { once: true },
  );
  window.addEventListener(
    awake,
    () =>
      setTimeout(() => {
        for (const { on, again } of presses) if (on.isConnected) again();
      }),
    { once: true },
  );
}
