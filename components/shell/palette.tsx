'use client';

import { Command } from 'cmdk';
import { Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Dialog as Radix } from 'radix-ui';
import { useState } from 'react';
import { HostileText } from '@/components/ui/hostile-text';
import { Keycap } from '@/components/ui/keycap';
import { useFocusBack } from '@/components/ui/use-focus-back';
import { type PaletteEntry, type PaletteSource, paletteSources } from './palette-sources';

/** Every word that is typed must occur; names that begin with it come first. */
function scoreOf(_value: string, search: string, keywords: string[] = []): number {
  const words = keywords.join(' ').toLowerCase();
  const typed = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (!typed.every((word) => words.includes(word))) return 0;
  const [first = ''] = typed;
  if (words.startsWith(first)) return 1;
  return words.includes(` ${first}`) ? 0.8 : 0.5;
}

type PaletteProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onShowKeys: () => void;
  /** What was typed before it stood there. */
  typed: string;
};

/** Search or jump: whatever palette-sources.tsx knows, by typing part of its name. */
export const Palette = (props: PaletteProps) => (
  <Radix.Root open={props.open} onOpenChange={props.onOpenChange}>
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-30 bg-veil" />
      <OpenPalette {...props} />
    </Radix.Portal>
  </Radix.Root>
);

function OpenPalette({ onOpenChange, onShowKeys, typed }: PaletteProps) {
  const focusBack = useFocusBack();
  return (
    <Radix.Content
      aria-describedby={undefined}
      onCloseAutoFocus={focusBack}
      className="fixed inset-x-3 top-3 z-40 flex max-h-[80dvh] flex-col overflow-hidden rounded-card border border-line-strong bg-raised outline-none desk:top-[12dvh] desk:mx-auto desk:max-h-[60dvh] desk:max-w-[600px]"
    >
      <Radix.Title className="sr-only">Search or jump to</Radix.Title>
      <PaletteBody typed={typed} onDone={() => onOpenChange(false)} onShowKeys={onShowKeys} />
    </Radix.Content>
  );
}

type PaletteBodyProps = Pick<PaletteProps, 'typed' | 'onShowKeys'> & { onDone: () => void };

function PaletteBody({ typed, onDone, onShowKeys }: PaletteBodyProps) {
  const router = useRouter();
  const [search, setSearch] = useState(typed);
  const choose = (to: PaletteEntry['to']) => {
    onDone();
    if (typeof to === 'string') router.push(to);
    else to();
  };
  return (
    <Command label="Search or jump to" loop filter={scoreOf} className="flex min-h-0 flex-col">
      <div className="flex flex-none items-center gap-2 border-line border-b px-3">
        <Search aria-hidden="true" size={14} strokeWidth={1.5} className="flex-none text-text-3" />
        <Command.Input
          autoFocus
          value={search}
          onValueChange={setSearch}
          placeholder="Search or jump to"
          className="h-11 min-w-0 flex-1 bg-transparent text-talk outline-none"
        />
        <Keycap keys="escape" />
      </div>
      <Command.List className="thin-scroll min-h-0 flex-1 overflow-y-auto p-1">
        <Command.Empty className="px-3 py-4 text-text-2">Nothing of that name. Try fewer letters.</Command.Empty>
        {paletteSources.map((source) => (
          <PaletteGroup key={source.heading} source={source} onShowKeys={onShowKeys} onChoose={choose} />
        ))}
      </Command.List>
    </Command>
  );
}

type PaletteGroupProps = { source: PaletteSource; onShowKeys: () => void; onChoose: (to: PaletteEntry['to']) => void };

function PaletteGroup({ source: { heading, useEntries }, onShowKeys, onChoose }: PaletteGroupProps) {
  const entries = useEntries({ showKeys: onShowKeys });
  if (entries.length === 0) return null;
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-meta [&_[cmdk-group-heading]]:text-text-3"
    >
      {entries.map((entry) => (
        <PaletteItem key={entry.value} entry={entry} onSelect={() => onChoose(entry.to)} />
      ))}
    </Command.Group>
  );
}

function PaletteItem({ entry, onSelect }: { entry: PaletteEntry; onSelect: () => void }) {
  const { value, label, words, icon: Icon, keys, end } = entry;
  return (
    <Command.Item
      value={value}
      keywords={[words === undefined ? label : `${label} ${words}`]}
      onSelect={onSelect}
      className="flex h-8 select-none items-center gap-2.5 rounded-tile px-2 data-[selected=true]:bg-press pointer-coarse:h-11"
    >
      <Icon aria-hidden="true" size={14} strokeWidth={1.5} className="flex-none text-text-3" />
      <span className="min-w-0 flex-1 truncate">
        <HostileText text={label} wrap={false} />
      </span>
      {end && <span className="flex-none text-meta text-text-3">{end}</span>}
      {keys && <Keycap keys={keys} />}
    </Command.Item>
  );
}
