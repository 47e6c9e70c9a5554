'use client';

import { lazyModule } from './lazy-module';
import type { ShownToast, ToastContent } from './shown-toast';
import { createStore, useStore } from './store';

const AT_ONCE_MAX = 3;
const shown = createStore<readonly ShownToast[]>([]);
let nextId = 1;

const closeToast = (id: number) => shown.set(shown.get().filter((toast) => toast.id !== id));

/** Says something in the corner, for what is not on the screen any more. Failures stay until they are closed. */
export function showToast(content: ToastContent): void {
  shown.set([...shown.get(), { ...content, id: nextId++, since: Date.now() }].slice(-AT_ONCE_MAX));
}

/** What draws notices. Loaded when the page has come to rest, since a notice may say that the server is away. */
export const toastList = lazyModule(() => import('./toast-list'));

/** Where toasts appear; mounted once. Reached by F8. */
export function Toaster() {
  const toasts = useStore(shown, (now) => now);
  const list = toastList.useLoaded(toasts.length > 0);
  return list && <list.ToastList toasts={toasts} onClose={closeToast} />;
}
