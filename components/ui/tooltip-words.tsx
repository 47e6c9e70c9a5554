'use client';

import { useEffect, useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';

export type Side = 'top' | 'right' | 'bottom' | 'left';

const GAP_PX = 6;
const EDGE_PX = 8;

type TooltipWordsProps = {
  id: string;
  anchor: HTMLElement;
  side: Side;
  onEnter: () => void;
  onLeave: () => void;
  onClose: () => void;
  children: React.ReactNode;
};

/** The words of one tooltip, until the pointer leaves, Escape is pressed, or what they belong to is scrolled away. */
export function TooltipWords({ id, anchor, side, onEnter, onLeave, onClose, children }: TooltipWordsProps) {
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
