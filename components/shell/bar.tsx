'use client';

import { Menu as MenuGlyph, Search } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { HostileText } from '@/components/ui/hostile-text';
import { IconButton } from '@/components/ui/icon-button';
import { Keycap } from '@/components/ui/keycap';
import { SandboxLabel } from '@/components/ui/sandbox-label';
import { LiveMark } from './live-mark';
import { preloadPalette } from './overlays';
import { useCurrentPageHead } from './page-head';
import { PersonMenu } from './person-menu';
import { placeOf } from './places';
import { ThemeMenu } from './theme-menu';

type BarProps = { onOpenPlaces: () => void; onSearch: () => void };

/** Where one is, search, whether the page is live, the theme, and who one is. */
export function Bar({ onOpenPlaces, onSearch }: BarProps) {
  return (
    <header className="flex h-11 min-w-0 items-center gap-2 border-line-strong border-b pr-3 pl-3 desk:gap-3 desk:pl-4">
      <IconButton icon={MenuGlyph} label="Places" className="-ml-2 desk:hidden" onClick={onOpenPlaces} />
      <Crumbs />
      <button
        type="button"
        onClick={onSearch}
        onPointerEnter={preloadPalette}
        onFocus={preloadPalette}
        className="ml-auto flex h-7 w-7 flex-none items-center justify-center gap-2 rounded-control border border-transparent text-text-2 desk:w-[260px] desk:justify-start desk:border-line-strong desk:bg-surface desk:pr-1.5 desk:pl-2 desk:text-text-3 pointer-coarse:h-11 pointer-coarse:min-w-11"
      >
        <Search aria-hidden="true" size={14} strokeWidth={1.5} className="flex-none max-desk:size-4" />
        <span className="max-desk:sr-only">Search or jump to</span>
        <Keycap keys="mod+k" className="ml-auto" />
      </button>
      <LiveMark />
      <ThemeMenu />
      <PersonMenu />
    </header>
  );
}

function Crumbs() {
  const place = placeOf(usePathname());
  const { crumb, sandbox } = useCurrentPageHead();
  return (
    <div className="flex min-w-0 items-center gap-2 whitespace-nowrap text-text-2">
      {place && crumb !== null && (
        <nav aria-label="Breadcrumb" className="hidden flex-none items-center gap-2 desk:flex">
          <Link href={place.href} className="no-underline hover:underline">
            {place.label}
          </Link>
          <span aria-hidden="true" className="text-text-3">
            /
          </span>
        </nav>
      )}
      <h1 tabIndex={-1} className="truncate font-name text-text">
        <HostileText text={crumb ?? place?.label ?? 'Parley'} wrap={false} />
      </h1>
      {sandbox && <SandboxLabel />}
    </div>
  );
}
