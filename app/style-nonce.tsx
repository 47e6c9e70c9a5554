'use client';

import { useInsertionEffect, useState } from 'react';

/**
 * Hands the page's nonce to the one library that writes a `<style>`: the scroll lock under dialogs asks for it under
 * this name (get-nonce). Without, the strict style-src refuses that sheet.
 * INVARIANT: that of the document. Whatever is fetched later and draws the layout anew brings one of its own, which
 * counts for nothing.
 */
export function StyleNonce({ nonce }: { nonce: string | undefined }) {
  const [first] = useState(nonce);
  useInsertionEffect(() => {
    const given = first || document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce;
    if (given) Reflect.set(window, '__webpack_nonce__', given);
  }, [first]);
  return null;
}
