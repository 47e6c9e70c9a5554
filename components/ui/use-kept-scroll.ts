'use client';

import { type RefObject, useLayoutEffect } from 'react';

/** So long after somebody went back or forward, what is drawn for that address is where they come to. */
const ARRIVES_MS = 5_000;
const tops = new Map<string, number>();
let wentTo: { address: string; at: number } | null = null;

const address = () => window.location.pathname + window.location.search;
const onPopState = () => {
  wentTo = { address: address(), at: performance.now() };
};
if (typeof window !== 'undefined') window.addEventListener('popstate', onPopState);

/** Whoever comes back to a list, by the browser's own buttons, finds it scrolled as they left it. `name` tells it from others. */
export function useKeptScroll(scroller: RefObject<HTMLElement | null>, name: string): void {
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const key = `${name} ${address()}`;
    const isBack = wentTo?.address === address() && performance.now() - wentTo.at < ARRIVES_MS;
    if (isBack) element.scrollTop = tops.get(key) ?? 0;
    const onScroll = () => void tops.set(key, element.scrollTop);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => element.removeEventListener('scroll', onScroll);
  }, [scroller, name]);
}
