'use client';

import { X } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { useCallback, useEffect } from 'react';
import { Button } from './button';
import { HostileText } from './hostile-text';
import { IconButton } from './icon-button';
import { useClockText } from './relative-time';
import type { ShownToast } from './shown-toast';
import { StateShape } from './state-shape';
import { useShortcuts } from './use-shortcuts';

type ToastListProps = { toasts: readonly ShownToast[]; onClose: (id: number) => void };

/**
 * The notices themselves; toast.tsx loads it. They stand where nothing is pressed or written: answers, composers and the
 * buttons of sheets are at the bottom, on a telephone the more so.
 */
export function ToastList({ toasts, onClose }: ToastListProps) {
  return (
    <Radix.Provider swipeDirection="right" label="Notice">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} onClose={onClose} />
      ))}
      <Radix.Viewport className="fixed inset-x-3 top-13 z-50 flex flex-col items-stretch gap-2 outline-none desk:inset-x-auto desk:top-auto desk:right-4 desk:bottom-16 desk:items-end" />
    </Radix.Provider>
  );
}

const shapes = { plain: null, done: 'check', fail: 'octagon' } as const;

function ToastCard({ toast, onClose }: { toast: ShownToast; onClose: (id: number) => void }) {
  const tone = toast.tone ?? 'plain';
  const shape = shapes[tone];
  const { leaves } = toast;
  const stays = tone === 'fail' || leaves !== undefined;
  return (
    <Radix.Root
      open
      onOpenChange={(open) => !open && onClose(toast.id)}
      duration={stays ? Number.POSITIVE_INFINITY : 6_000}
      type={tone === 'fail' ? 'foreground' : 'background'}
      className={`relative flex min-h-11 max-w-full overflow-hidden items-center gap-2.5 rounded-card border bg-raised py-1.5 pr-2 pl-3.5 desk:max-w-[480px] ${tone === 'fail' ? 'border-fail' : 'border-line-strong'}`}
    >
      {shape && <StateShape shape={shape} />}
      <Radix.Description className="min-w-0 flex-1 text-ui">
        <HostileText text={toast.text} />
        {leaves && <Leaves {...leaves} since={toast.since} onLeft={() => onClose(toast.id)} />}
      </Radix.Description>
      {toast.action && (
        <Radix.Action asChild altText={toast.action.label}>
          <Button
            size="small"
            onClick={toast.action.run}
            {...(toast.action.keys === undefined ? {} : { keys: toast.action.keys })}
          >
            {toast.action.label}
          </Button>
        </Radix.Action>
      )}
      {toast.action?.keys && <ActionKey {...toast.action} keys={toast.action.keys} onDone={() => onClose(toast.id)} />}
      <Radix.Close asChild>
        <IconButton icon={X} label="Close" size="small" />
      </Radix.Close>
    </Radix.Root>
  );
}

type LeavesProps = { words: string; at: number; since: number; onLeft: () => void };

/** The seconds until it cannot be taken back any more, and a line that shortens with them. */
function Leaves({ words, at, since, onLeft }: LeavesProps) {
  const left = useClockText(
    useCallback(
      // Never more than there was: the clock is read to the second, and may stand before the notice.
      (now) => String(Math.max(0, Math.ceil((at - Math.max(now, since)) / 1_000))),
      [at, since],
    ),
  );
  useEffect(() => {
    const timer = setTimeout(onLeft, Math.max(0, at - Date.now()));
    return () => clearTimeout(timer);
  }, [at, onLeft]);
  const share = Math.min(1, (Number(left) * 1_000) / Math.max(1_000, at - since));
  return (
    <>
      {' '}
      <span aria-hidden="true">
        {words} <b className="font-strong">{left} s</b>
      </span>
      <span
        aria-hidden="true"
        className="absolute bottom-0 left-0 h-0.5 w-full origin-left bg-ink motion-safe:transition-transform motion-safe:duration-1000 motion-safe:ease-linear"
        style={{ transform: `scaleX(${share})` }}
      />
    </>
  );
}

/** The key of a notice's way back, for as long as the notice stands; the newest one has it. */
function ActionKey({ label, run, keys, onDone }: { label: string; run: () => void; keys: string; onDone: () => void }) {
  useShortcuts('Notice', [
    {
      keys,
      label,
      run: () => {
        run();
        onDone();
      },
    },
  ]);
  return null;
}
