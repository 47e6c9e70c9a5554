'use client';

import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';

/**
 * What stands over the rows of an axis, in the same scroller. Give `ref` to its element; `height` is 0 while there is
 * none. `onGrown`, called right after something came in at its top, keeps what the reader looks at where it was.
 */
export function useAbove(scroller: RefObject<HTMLElement | null>) {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [height, setHeight] = useState(0);
  const known = useRef(0);

  const measure = useCallback(() => {
    const now = element?.offsetHeight ?? 0;
    const grown = now - known.current;
    known.current = now;
    setHeight(now);
    return grown;
  }, [element]);

  useLayoutEffect(() => {
    measure();
    if (!element) return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [element, measure]);

  const onGrown = useCallback(() => {
    const grown = measure();
    if (scroller.current) scroller.current.scrollTop += grown;
  }, [measure, scroller]);
  return { ref: setElement, height, onGrown };
}
