'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useMay } from '@/lib/client/caller';
import { useShowDemo } from '@/lib/client/settings-mutations';
import { settingsQuery } from '@/lib/client/settings-query';

/** Whoever comes first, and may, has the sandbox show what there is to see. The server does it once and decides whether. */
export function useFirstLook(isSandbox: boolean): void {
  const settings = useQuery(settingsQuery).data;
  const mayStart = useMay('operator');
  const { mutate } = useShowDemo();
  const isAsked = useRef(false);
  const isDue = isSandbox && mayStart && settings?.demoShown === false;
  useEffect(() => {
    if (!isDue || isAsked.current) return;
    isAsked.current = true;
    mutate(null); // what fails here is tried at the next visit, and nobody has asked for it
  }, [isDue, mutate]);
}
