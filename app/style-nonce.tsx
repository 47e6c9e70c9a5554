'use client';

import { useInsertionEffect } from 'react';

/**
 * Hands the page's nonce to the one library that writes a `<style>`: the scroll lock under dialogs asks for it under
 * this name (get-nonce). Without, the strict style-src refuses that sheet.
 */
export function StyleNonce({ nonce }: { nonce: string | undefined }) {
  useInsertionEffect(() => {
    const given = nonce || document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce;
    if (given) Reflect.set(window, '__webpack_nonce__', given);
  }, [nonce]);
  return null;
}
