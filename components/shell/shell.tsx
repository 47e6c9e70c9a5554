'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { classNames } from '@/components/ui/class-names';
import { lazyModule } from '@/components/ui/lazy-module';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import { CallerProvider, type SignedIn } from '@/lib/client/caller';
import { LiveProvider } from '@/lib/client/live-view';
import { Bar } from './bar';
import { ConnectionBanner } from './connection-banner';
import { DraftWatch } from './draft-watch';
import { type OverlayName, Overlays } from './overlays';
import { allPlaces } from './places';
import { Rail } from './rail';
import type { RailChoice } from './rail-cookie';
import { useRail } from './use-rail';

/** They draw nothing, so that no page waits for them. */
const recentPlaces = lazyModule(() => import('./recent-places'));
const cutText = lazyModule(() => import('./titles-of-cut-text'));

type ShellProps = { caller: SignedIn; railChoice: RailChoice; children: React.ReactNode };

/** The frame of every page behind the sign-in: rail, bar, what is said above all pages, and the page. */
export function Shell({ caller, railChoice, children }: ShellProps) {
  const rail = useRail(railChoice);
  const recent = recentPlaces.useLoaded(true);
  const cut = cutText.useLoaded(true);
  const [overlay, setOverlay] = useState<OverlayName | null>(null);
  useShellShortcuts(rail.toggle, setOverlay);
  return (
    <CallerProvider caller={caller}>
      <LiveProvider>
        <DraftWatch />
        {recent && <recent.RememberPlaces />}
        {cut && <cut.TitlesOfCutText />}
        <a
          href="#content"
          className="fixed top-1 left-1 z-50 -translate-y-16 rounded-control border border-line-strong bg-raised px-3 py-1.5 focus:translate-y-0"
        >
          Skip to the content
        </a>
        <div
          className={classNames(
            'grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[var(--bar)_minmax(0,1fr)]',
            rail.open
              ? 'desk:grid-cols-[var(--rail-open)_minmax(0,1fr)]'
              : 'desk:grid-cols-[var(--rail)_minmax(0,1fr)]',
          )}
        >
          <Rail open={rail.open} onToggle={rail.toggle} />
          <Bar onOpenPlaces={() => setOverlay('places')} onSearch={() => setOverlay('palette')} />
          <div className="flex min-h-0 min-w-0 flex-col">
            <ConnectionBanner />
            <main id="content" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col">
              {children}
            </main>
          </div>
        </div>
        <Overlays shown={overlay} show={setOverlay} />
      </LiveProvider>
    </CallerProvider>
  );
}

function useShellShortcuts(toggleRail: () => void, show: (overlay: 'palette' | 'keys') => void): void {
  const router = useRouter();
  useShortcuts('Everywhere', [
    ...allPlaces.map(({ href, label, keys }) => ({ keys, label: `Go to ${label}`, run: () => router.push(href) })),
    { keys: 'mod+k', label: 'Search or jump to', run: () => show('palette') },
    { keys: '?', label: 'Show all keys', run: () => show('keys') },
    { keys: '[', label: 'Collapse or expand the rail', run: toggleRail },
  ]);
}
