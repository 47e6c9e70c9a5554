'use client';

import {
  type FocusEvent,
  type PointerEvent,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { createPortal } from 'react-dom';
import { Keycap } from './keycap';
import { withProps } from './with-props';

type Side = 'top' | 'right' | 'bottom' | 'left';

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
const GAP_PX = 6;
const EDGE_PX = 8;
let closedAt = Number.NEGATIVE_INFINITY;
let closeOpen: (() => void) | null = null;

/** Says on hover and on focus what the child is. The child must be focusable and must have a name of its own. */
export function Tooltip({ label, keys, side = 'bottom', children }: TooltipProps) {
  const id = useId();
  const { anchor, wait, open, close, leave } = useTooltip();
  const enter = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType !== 'touch') wait(event.currentTarget);
  };
  const focus = ({ currentTarget }: FocusEvent<HTMLElement>) => {
    if (currentTarget.matches(':focus-visible')) open(currentTarget);
  };
  return (
    <>
      {withProps(children, {
        ...(anchor ? { 'aria-describedby': id } : {}),
        onPointerEnter: enter,
        onPointerLeave: leave,
        onPointerDown: close,
        onClick: close,
        onFocus: focus,
        onBlur: close,
      })}
      {anchor && (
        <Words id={id} anchor={anchor} side={side} onEnter={() => open(anchor)} onLeave={leave} onClose={close}>
          {label}
          {keys && <Keycap keys={keys} />}
        </Words>
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

type WordsProps = {
  id: string;
  anchor: HTMLElement;
  side: Side;
  onEnter: () => void;
  onLeave: () => void;
  onClose: () => void;
  children: React.ReactNode;
};

function Words({ id, anchor, side, onEnter, onLeave, onClose, children }: WordsProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!box.current) return;
    const { left, top } = placeBeside(anchor.getBoundingClientRect(), box.current.getBoundingClientRect(), side);
    box.current.style.translate = `${Math.round(left)}px ${Math.round(top)}px`;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => event.key === 'Escape' && onClose();
    const onScroll = (event: Event) => event.target instanceof Node && event.target.contains(anchor) && onClose();
    document.addEventListener('keydown', onKeyDown);
    window.addEventListener('scroll', onScroll, { capture: true, passive: true });
    return () => {
      document.removeEventListener('keydown', onKeyDown);
      window.removeEventListener('scroll', onScroll, { capture: true });
    };
  }, [anchor, onClose]);
  return createPortal(
    <div
      ref={box}
      id={id}
      role="tooltip"
      onPointerEnter={onEnter}
      onPointerLeave={onLeave}
      className="fixed top-0 left-0 z-50 flex max-w-80 items-center gap-2 rounded-control border border-line-strong bg-raised px-2 py-1 text-meta text-text"
    >
      {children}
    </div>,
    document.body,
  );
}

const opposite = { top: 'bottom', bottom: 'top', left: 'right', right: 'left' } as const;

/** Beside the control where there is room, else on its other side, and never over the edge of the window. */
function placeBeside(anchor: DOMRect, box: DOMRect, side: Side): { left: number; top: number } {
  const [width, height] = [window.innerWidth, window.innerHeight];
  const placed = (at: Side) => ({
    left:
      at === 'left'
        ? anchor.left - box.width - GAP_PX
        : at === 'right'
          ? anchor.right + GAP_PX
          : anchor.left + (anchor.width - box.width) / 2,
    top:
      at === 'top'
        ? anchor.top - box.height - GAP_PX
        : at === 'bottom'
          ? anchor.bottom + GAP_PX
          : anchor.top + (anchor.height - box.height) / 2,
  });
  const fits = ({ left, top }: { left: number; top: number }) =>
    side === 'top' || side === 'bottom'
      ? top >= EDGE_PX && top + box.height <= height - EDGE_PX
      : left >= EDGE_PX && left + box.width <= width - EDGE_PX;
  const { left, top } = [placed(side), placed(opposite[side])].find(fits) ?? placed(side);
  const within = (value: number, size: number, most: number) =>
    Math.max(EDGE_PX, Math.min(value, most - size - EDGE_PX));
  return { left: within(left, box.width, width), top: within(top, box.height, height) };
}
