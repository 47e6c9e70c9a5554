'use client';

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Whoever comes so near to the end follows it again, in pixels. */
const NEAR_END = 48;
/** So long after the reader's hand a scroll is theirs. Other scrolls are the browser's or the virtualizer's. */
const HAND_MS = 1_000;
const hands = ['wheel', 'touchmove', 'pointerdown'] as const;

/**
 * Keeps the end in view until the reader scrolls away from it, and again once they return. Call it in the part that is
 * drawn again whenever the content's height may have changed. `lastPlace` is that of the last item; `leftAt` what it was
 * when the reader left the end, null while they follow it. Where the content ends before the tail (`isLive` false),
 * coming to its end follows nothing.
 */
export function useFollowing(scroller: RefObject<HTMLElement | null>, lastPlace: number, isLive: boolean) {
  const [leftAt, setLeftAt] = useState<number | null>(null);
  const now = useRef({ following: true, lastPlace, isLive, top: 0, handAt: Number.NEGATIVE_INFINITY });

  const change = useCallback((following: boolean) => {
    if (now.current.following === following) return;
    now.current.following = following;
    setLeftAt(following ? null : now.current.lastPlace);
  }, []);

  const toEnd = useCallback(() => {
    change(true);
    now.current.handAt = Number.NEGATIVE_INFINITY;
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [change, scroller]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const onHand = () => {
      now.current.handAt = performance.now();
    };
    const onScroll = () => {
      if (isScrolledUp(element, now.current)) change(false);
      else if (now.current.isLive && fromEnd(element) < NEAR_END) change(true);
      now.current.top = element.scrollTop;
    };
    for (const hand of hands) element.addEventListener(hand, onHand, { passive: true });
    document.addEventListener('keydown', onHand, { capture: true });
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      for (const hand of hands) element.removeEventListener(hand, onHand);
      document.removeEventListener('keydown', onHand, { capture: true });
      element.removeEventListener('scroll', onScroll);
    };
  }, [scroller, change]);

  useLayoutEffect(() => {
    now.current.lastPlace = lastPlace;
    now.current.isLive = isLive;
    const element = scroller.current;
    if (!element || !now.current.following) return;
    // Drawing may come before the scroll event is heard: the reader's hand goes before the end.
    if (isScrolledUp(element, now.current)) return;
    element.scrollTop = element.scrollHeight;
    now.current.top = element.scrollTop;
  });

  return { leftAt, leave: useCallback(() => change(false), [change]), toEnd };
}

const fromEnd = ({ scrollHeight, scrollTop, clientHeight }: HTMLElement) => scrollHeight - scrollTop - clientHeight;

/** By the reader's hand above where it was, and not because the content became shorter: then it stands at the end. */
const isScrolledUp = (element: HTMLElement, { top, handAt }: { top: number; handAt: number }) =>
  element.scrollTop < top - 1 && fromEnd(element) > 1 && performance.now() - handAt < HAND_MS;
