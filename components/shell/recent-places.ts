'use client';

import { usePathname } from 'next/navigation';
import { useEffect, useSyncExternalStore } from 'react';
import { storedText, storeText } from '@/components/ui/browser-storage';
import { useCaller } from '@/lib/client/caller';
import { useCurrentPageHead } from './page-head';

type RecentPlace = { href: string; label: string };

const isPlace = (value: unknown): value is RecentPlace =>
  typeof value === 'object' &&
  value !== null &&
  'href' in value &&
  typeof value.href === 'string' &&
  value.href.startsWith('/') &&
  'label' in value &&
  typeof value.label === 'string';

const KEPT_MAX = 12;
const none: readonly RecentPlace[] = [];
const watchers = new Set<() => void>();

/** The places with one more visit, the latest first, each once. */
export const withVisit = (places: readonly RecentPlace[], visit: RecentPlace): readonly RecentPlace[] =>
  [visit, ...places.filter(({ href }) => href !== visit.href)].slice(0, KEPT_MAX);

const keyOf = (personId: string) => `parley.recent.${personId}`;
let read: { text: string | null; places: readonly RecentPlace[] } = { text: null, places: none };

/** What another version wrote, or somebody by hand, is no list of places: then there is none. */
function placesOf(text: string | null): readonly RecentPlace[] {
  if (text === read.text) return read.places; // the same list as long as nothing changed
  let parsed: unknown = null;
  try {
    parsed = JSON.parse(text ?? 'null');
  } catch {
    parsed = null;
  }
  read = { text, places: Array.isArray(parsed) && parsed.every(isPlace) ? parsed : none };
  return read.places;
}

/** Keeps in this browser which conversations, agents and the like the person looked at. Draws nothing. */
export function RememberPlaces(): null {
  const { id } = useCaller();
  const path = usePathname();
  const { crumb, path: said } = useCurrentPageHead();
  useEffect(() => {
    if (crumb === null || said !== path || !/^\/[a-z]+\/./.test(path)) return;
    const places = withVisit(placesOf(storedText('local', keyOf(id))), { href: path, label: crumb });
    storeText('local', keyOf(id), JSON.stringify(places));
    for (const watcher of watchers) watcher();
  }, [id, path, crumb, said]);
  return null;
}

/** Where the person was last, the latest first, without the page they are on. */
export function useRecentPlaces(): readonly RecentPlace[] {
  const { id } = useCaller();
  const path = usePathname();
  const places = useSyncExternalStore(
    (listener) => {
      watchers.add(listener);
      return () => {
        watchers.delete(listener);
      };
    },
    () => placesOf(storedText('local', keyOf(id))),
    () => none,
  );
  return places.filter(({ href }) => href !== path);
}
