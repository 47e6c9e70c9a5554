'use client';

import { useEffect, useState } from 'react';

/** What was typed between the press that opened a part (`isOpen`) and the moment when it is there to take it (`isThere`). */
export function useTypedAhead(isOpen: boolean, isThere: boolean): string {
  const [typed, setTyped] = useState('');
  useEffect(() => {
    if (!isOpen) return setTyped('');
    if (isThere) return;
    const onKeyDown = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
      if (ctrlKey || metaKey || altKey) return;
      if (key === 'Backspace') setTyped((before) => before.slice(0, -1));
      else if (key.length === 1) setTyped((before) => before + key);
    };
    document.addEventListener('keydown', onKeyDown, true);
    return () => document.removeEventListener('keydown', onKeyDown, true);
  }, [isOpen, isThere]);
  return typed;
}
