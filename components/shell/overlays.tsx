'use client';

import { useEffect } from 'react';
import { dialogSheet } from '@/components/ui/dialog';
import { lazyModule } from '@/components/ui/lazy-module';
import { menuList } from '@/components/ui/menu';
import { tellNotLoaded } from '@/components/ui/tell-not-loaded';
import { toastList } from '@/components/ui/toast';
import { tooltipWords } from '@/components/ui/tooltip';
import { useHeldLetters } from '@/components/ui/use-shortcuts';
import { useTypedAhead } from '@/components/ui/use-typed-ahead';
import { onRest } from './on-rest';

const palette = lazyModule(() => import('./palette'));
const shortcutsSheet = lazyModule(() => import('./shortcuts-sheet'));
const placesDrawer = lazyModule(() => import('./places-drawer'));

export type OverlayName = 'palette' | 'keys' | 'places';

/** Has the palette loaded before it is opened, by whoever sees that coming. */
export const preloadPalette = palette.preload;

type OverlaysProps = { shown: OverlayName | null; show: (overlay: OverlayName | null) => void };

/**
 * What opens over every page: palette, keys, places. Each is loaded when it is first opened, and opens then; until it is
 * there, what is typed does not reach the page, and what is meant for the palette is kept for it. Sheets, menus and
 * notices are loaded once the page has come to rest.
 */
export function Overlays({ shown, show }: OverlaysProps) {
  const fail = () => {
    show(null);
    tellNotLoaded();
  };
  const parts = {
    palette: palette.useLoaded(shown === 'palette', fail),
    keys: shortcutsSheet.useLoaded(shown === 'keys', fail),
    places: placesDrawer.useLoaded(shown === 'places', fail),
  };
  useHeldLetters(shown !== null && parts[shown] === null);
  const typed = useTypedAhead(shown === 'palette', parts.palette !== null);
  useLoadingAhead();
  const opens = (name: OverlayName) => ({
    open: shown === name,
    onOpenChange: (open: boolean) => show(open ? name : null),
  });
  return (
    <>
      {parts.palette && <parts.palette.Palette {...opens('palette')} typed={typed} onShowKeys={() => show('keys')} />}
      {parts.keys && <parts.keys.ShortcutsSheet {...opens('keys')} />}
      {parts.places && <parts.places.PlacesDrawer {...opens('places')} />}
    </>
  );
}

/** A control or command key may begin the palette's combination: it is asked for while the second key is on its way. */
function useLoadingAhead(): void {
  useEffect(() => {
    const onKeyDown = ({ key }: KeyboardEvent) => {
      if (key === 'Control' || key === 'Meta') palette.preload();
    };
    document.addEventListener('keydown', onKeyDown);
    const stopWaiting = onRest(() => {
      for (const part of [toastList, dialogSheet, menuList, tooltipWords]) part.preload();
    });
    return () => {
      document.removeEventListener('keydown', onKeyDown);
      stopWaiting();
    };
  }, []);
}
