'use client';

import { useEffect } from 'react';

const TITLE_MAX = 2_000;
/** Those that got their title here: their words may change, and then it does, too. */
const titled = new WeakSet<Element>();

/** Whatever is cut at its end because there is no room says all of it under a resting pointer, wherever it stands. Draws nothing. */
export function TitlesOfCutText() {
  useEffect(() => {
    const onPointerOver = ({ target, pointerType }: PointerEvent) => {
      if (pointerType === 'touch' || !(target instanceof Element)) return;
      for (let at: Element | null = target; at && at !== document.body; at = at.parentElement) {
        if (at.hasAttribute('title') && !titled.has(at)) return;
        if (at instanceof HTMLElement && at.classList.contains('truncate')) return tell(at);
      }
    };
    document.addEventListener('pointerover', onPointerOver, { passive: true });
    return () => document.removeEventListener('pointerover', onPointerOver);
  }, []);
  return null;
}

function tell(element: HTMLElement): void {
  const isCut = element.scrollWidth > element.clientWidth;
  if (!isCut && !titled.has(element)) return;
  titled.add(element);
  if (isCut) element.title = (element.textContent ?? '').trim().slice(0, TITLE_MAX);
  else element.removeAttribute('title');
}
