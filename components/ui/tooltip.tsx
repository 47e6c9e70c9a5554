'use client';

import { type FocusEvent, type PointerEvent, useCallback, useEffect, useId, useRef, useState } from 'react';
import { Keycap } from './keycap';
import { lazyModule } from './lazy-module';
import type { Side } from './tooltip-words';
import { withProps } from './with-props';

/** What draws the words. Loaded when the page has come to rest, or with the first that are wanted. */
export const tooltipWords = lazyModule(() => import('./tooltip-words'));

type TooltipProps = {
  label: React.ReactNode;
  keys?: string;
  side?: Side;
  children: React.ReactElement;
};

const OPEN_MS = 400;
/** After one was read, the next opens at once for as long. */
const SKIP_MS = 150;
/** On its way from the control onto the words, the pointer may be on neither. */
const LEAVE_MS = 120;
let closedAt = Number.NEGATIVE_INFINITY;
let closeOpen: (() => void) | null = null;

/** Says on hover and on focus what the child is. The child must be focusable and must have a name of its own. */
export function Tooltip({ label, keys, side = 'bottom', children }: TooltipProps) {
  const id = useId();
  const { anchor, wait, open, close, leave } = useTooltip();
  const drawn = tooltipWords.useLoaded(anchor !== null);
  const enter = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType !== 'touch') wait(event.currentTarget);
  };
  const focus = ({ currentTarget }: FocusEvent<HTMLElement>) => {
    if (currentTarget.matches(':focus-visible')) open(currentTarget);
  };
  return (
    <>
      {withProps(children, {
        ...(anchor && drawn ? { 'aria-describedby': id } : {}),
        onPointerEnter: enter,
        onPointerLeave: leave,
        onPointerDown: close,
        onClick: close,
        onFocus: focus,
        onBlur: close,
      })}
      {anchor && drawn && (
        <drawn.TooltipWords
          id={id}
          anchor={anchor}
          side={side}
          onEnter={() => open(anchor)}
          onLeave={leave}
          onClose={close}
        >
          {label}
          {keys && <Keycap keys={keys} />}
        </drawn.TooltipWords>
      )}
    </>
  );
}

/** When the words stand, and beside which element. One tooltip on the page at a time. */
function useTooltip() {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const close = useCallback(() => {
    clearTimeout(timer.current);
    setAnchor(null);
    if (closeOpen !== close) return;
    closeOpen = null;
    closedAt = performance.now();
  }, []);
  useEffect(() => close, [close]);
  const open = (element: HTMLElement) => {
    clearTimeout(timer.current);
    if (closeOpen !== close) closeOpen?.();
    closeOpen = close;
    setAnchor(element);
  };
  const wait = (element: HTMLElement) => {
    clearTimeout(timer.current);
    if (closeOpen !== null || performance.now() - closedAt < SKIP_MS) open(element);
    else timer.current = setTimeout(() => open(element), OPEN_MS);
  };
  const leave = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(close, LEAVE_MS);
  };
  return { anchor, wait, open, close, leave };
}
