'use client';

import { PanelLeft } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { classNames } from '@/components/ui/class-names';
import { Count } from '@/components/ui/count';
import { Keycap } from '@/components/ui/keycap';
import { Tooltip } from '@/components/ui/tooltip';
import { useWaitingCount } from './draft-watch';
import { Mark } from './mark';
import { type Place, placeOf, places, settingsPlace } from './places';

const rowClass =
  'relative flex h-8 items-center gap-2.5 rounded-control px-2 whitespace-nowrap text-text-2 no-underline hover:bg-hover aria-[current]:bg-press aria-[current]:font-name aria-[current]:text-text aria-[current]:before:absolute aria-[current]:before:inset-y-1.5 aria-[current]:before:-left-2 aria-[current]:before:w-0.5 aria-[current]:before:bg-ink pointer-coarse:h-11';

type RailProps = { open: boolean; onToggle: () => void };

/** The places of Parley, as words with their keys or, collapsed, as glyphs with tooltips. */
export function Rail({ open, onToggle }: RailProps) {
  return (
    <nav
      aria-label="Places"
      className="row-span-2 hidden flex-col gap-0.5 border-line-strong border-r px-2 pb-2 desk:flex"
    >
      <Link
        href="/"
        className="mb-1.5 flex h-11 items-center gap-2.5 px-2 font-strong text-[14px] tracking-[-0.01em] no-underline"
      >
        <Mark />
        <span className={open ? '' : 'sr-only'}>Parley</span>
      </Link>
      <PlaceLinks open={open} />
      <div className="mt-auto flex flex-col gap-0.5">
        <PlaceLink place={settingsPlace} open={open} />
        <WithHint open={open} label="Expand" keys="[">
          <button type="button" aria-expanded={open} onClick={onToggle} className={classNames(rowClass, 'w-full')}>
            <PanelLeft aria-hidden="true" size={18} strokeWidth={1.5} className="flex-none" />
            <span className={open ? '' : 'sr-only'}>{open ? 'Collapse' : 'Expand'}</span>
            {open && <Keycap keys="[" className="ml-auto" />}
          </button>
        </WithHint>
      </div>
    </nav>
  );
}

/** The links alone, for the rail and for the drawer below 900 px. */
export const PlaceLinks = ({ open, onGo }: { open: boolean; onGo?: () => void }) =>
  places.map((place) => <PlaceLink key={place.href} place={place} open={open} {...(onGo ? { onGo } : {})} />);

export function PlaceLink({ place, open, onGo }: { place: Place; open: boolean; onGo?: () => void }) {
  const path = usePathname();
  const current = placeOf(path)?.href === place.href;
  const Icon = place.icon;
  return (
    <WithHint open={open} label={place.label} keys={place.keys}>
      <Link
        href={place.href}
        aria-current={current ? (path === place.href ? 'page' : 'true') : undefined}
        className={rowClass}
        {...(onGo ? { onClick: onGo } : {})}
      >
        <Icon aria-hidden="true" size={18} strokeWidth={1.5} className="flex-none" />
        <span className={open ? '' : 'sr-only'}>{place.label}</span>
        {place.counts && <WaitingCount open={open} />}
        {open && <Keycap keys={place.keys} className="ml-auto" />}
      </Link>
    </WithHint>
  );
}

/** How many drafts wait: beside the word, or on the glyph where the rail is collapsed. */
function WaitingCount({ open }: { open: boolean }) {
  const count = useWaitingCount();
  if (count === 0) return null;
  return (
    <>
      <Count value={count} waiting className={open ? '' : 'absolute -top-1 -right-1.5 px-[3px]!'} />
      <span className="sr-only">waiting</span>
    </>
  );
}

/** Collapsed, a glyph needs its word beside it on hover and focus; open, the word stands there. */
function WithHint(props: { open: boolean; label: string; keys: string; children: React.ReactElement }) {
  if (props.open) return props.children;
  return (
    <Tooltip label={props.label} keys={props.keys} side="right">
      {props.children}
    </Tooltip>
  );
}
