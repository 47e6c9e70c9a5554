'use client';

import { useSyncExternalStore } from 'react';
import { lazyModule } from './lazy-module';
import type { ShownToast, ToastContent } from './shown-toast';

const AT_ONCE_MAX = 3;
const none: ShownToast[] = [];
let shown: ShownToast[] = none;
let nextId = 1;
const listeners = new Set<() => void>();

const replace = (toasts: ShownToast[]) => {
  shown = toasts;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
};
const closeToast = (id: number) => replace(shown.filter((toast) => toast.id !== id));

/** Says something in the corner, for what is not on the screen any more. Failures stay until they are closed. */
export function showToast(content: ToastContent): void {
  replace([...shown, { ...content, id: nextId++, since: Date.now() }].slice(-AT_ONCE_MAX));
}

/** What draws notices. Loaded when the page has come to rest, since a notice may say that the server is away. */
export const toastList = lazyModule(() => import('./toast-list'));

/** Where toasts appear; mounted once. Reached by F8. */
export function Toaster() {
  const toasts = useSyncExternalStore(
    subscribe,
    () => shown,
    () => none,
  );
  const list = toastList.useLoaded(toasts.length > 0);
  return list && <list.ToastList toasts={toasts} onClose={closeToast} />;
}
