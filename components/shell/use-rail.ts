'use client';

import { usePathname } from 'next/navigation';
import { useState } from 'react';
import { RAIL_COOKIE, type RailChoice } from './rail-cookie';

const YEAR_SECONDS = 31_536_000;

/** Whether the rail is open: as chosen, else open, except beside a conversation, where width is dear. */
export function useRail(chosenBefore: RailChoice): { open: boolean; toggle: () => void } {
  const [chosen, setChosen] = useState(chosenBefore);
  const inConversation = /^\/conversations\/[^/]+/.test(usePathname());
  const open = chosen === null ? !inConversation : chosen === 'open';
  const toggle = () => {
    const next = open ? 'closed' : 'open';
    setChosen(next);
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing where the page is not on https
    document.cookie = `${RAIL_COOKIE}=${next}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`;
  };
  return { open, toggle };
}
