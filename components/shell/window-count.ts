'use client';

import { useEffect } from 'react';

/** A title without the figure in front of it. */
const bare = (title: string) => title.replace(/^\(\d+\+?\) /, '');
const figureOf = (count: number) => (count > 99 ? '99+' : String(count));

/** `(3) Drafts · Parley`; the title alone where nothing waits. */
export const countedTitle = (title: string, count: number): string =>
  count === 0 ? bare(title) : `(${figureOf(count)}) ${bare(title)}`;

/** Puts a figure before the window's title, whoever sets it, and on the page's icon. */
export function useWindowCount(count: number): void {
  useEffect(() => {
    const put = () => {
      const wanted = countedTitle(document.title, count);
      if (document.title !== wanted) document.title = wanted;
    };
    put();
    const observer = new MutationObserver(put);
    observer.observe(document.head, { subtree: true, childList: true, characterData: true });
    return () => {
      observer.disconnect();
      document.title = bare(document.title);
    };
  }, [count]);
  useEffect(() => {
    if (count === 0) return;
    const icon = document.createElement('link');
    icon.rel = 'icon';
    icon.type = 'image/svg+xml';
    icon.href = `data:image/svg+xml,${encodeURIComponent(iconWith(figureOf(count)))}`;
    document.head.append(icon);
    return () => icon.remove();
  }, [count]);
}

/** Parley's mark with an amber plate, in fixed colours: an icon has no theme of the page's. */
function iconWith(figure: string): string {
  const width = 8 + figure.length * 5;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect x="2" y="2" width="4" height="16" rx="1" fill="#5f7373"/><rect x="14" y="2" width="4" height="16" rx="1" fill="#5f7373"/><rect x="${20 - width}" y="0" width="${width}" height="12" rx="2.5" fill="#f2b434"/><text x="${20 - width / 2}" y="9.4" font-family="sans-serif" font-size="9.5" font-weight="700" text-anchor="middle" fill="#1d2424">${figure}</text></svg>`;
}
