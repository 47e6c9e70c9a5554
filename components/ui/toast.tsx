'use client';

import { X } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { useSyncExternalStore } from 'react';
import { Button } from './button';
import { HostileText } from './hostile-text';
import { IconButton } from './icon-button';
import { StateShape } from './state-shape';

type ToastContent = {
  text: string;
  tone?: 'plain' | 'done' | 'fail';
  /** One way back or on: `Undo`, `Open`. */
  action?: { label: string; run: () => void };
};
type ShownToast = ToastContent & { id: number };

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
const close = (id: number) => replace(shown.filter((toast) => toast.id !== id));

/** Says something in the corner, for what is not on the screen any more. Failures stay until they are closed. */
export function showToast(content: ToastContent): void {
  replace([...shown, { ...content, id: nextId++ }].slice(-AT_ONCE_MAX));
}

const shapes = { plain: null, done: 'check', fail: 'octagon' } as const;

/** Where toasts appear; mounted once. Reached by F8. */
export function Toaster() {
  const toasts = useSyncExternalStore(
    subscribe,
    () => shown,
    () => none,
  );
  return (
    <Radix.Provider swipeDirection="right" label="Notice">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
      <Radix.Viewport className="fixed inset-x-3 bottom-3 z-50 flex flex-col items-stretch gap-2 outline-none desk:inset-x-auto desk:right-4 desk:bottom-4 desk:items-end" />
    </Radix.Provider>
  );
}

function ToastCard({ toast }: { toast: ShownToast }) {
  const tone = toast.tone ?? 'plain';
  const shape = shapes[tone];
  return (
    <Radix.Root
      open
      onOpenChange={(open) => !open && close(toast.id)}
      duration={tone === 'fail' ? Number.POSITIVE_INFINITY : 6_000}
      type={tone === 'fail' ? 'foreground' : 'background'}
      className={`flex min-h-11 max-w-full items-center gap-2.5 rounded-card border bg-raised py-1.5 pr-2 pl-3.5 desk:max-w-[480px] ${tone === 'fail' ? 'border-fail' : 'border-line-strong'}`}
    >
      {shape && <StateShape shape={shape} />}
      <Radix.Description className="min-w-0 flex-1 text-ui">
        <HostileText text={toast.text} />
      </Radix.Description>
      {toast.action && (
        <Radix.Action asChild altText={toast.action.label}>
          <Button size="small" onClick={toast.action.run}>
            {toast.action.label}
          </Button>
        </Radix.Action>
      )}
      <Radix.Close asChild>
        <IconButton icon={X} label="Close" size="small" />
      </Radix.Close>
    </Radix.Root>
  );
}
