'use client';

import { useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { Bot, Keyboard, type LucideIcon, MessagesSquare, Plus, Search, SunMoon } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTheme } from 'next-themes';
import { Dialog as Radix } from 'radix-ui';
import { HostileText } from '@/components/ui/hostile-text';
import { Keycap } from '@/components/ui/keycap';
import { StateBadge } from '@/components/ui/state-badge';
import { useMay } from '@/lib/client/caller';
import { agentsQuery, conversationsQuery } from '@/lib/client/queries';
import { allPlaces } from './places';
import { themes } from './theme-menu';

/** Of each kind, the newest: beyond that the lists have a filter of their own. */
const SHOWN_MAX = 250;

/** Every word that is typed must occur; names that begin with it come first. */
function scoreOf(_value: string, search: string, keywords: string[] = []): number {
  const words = keywords.join(' ').toLowerCase();
  const typed = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (!typed.every((word) => words.includes(word))) return 0;
  const [first = ''] = typed;
  if (words.startsWith(first)) return 1;
  return words.includes(` ${first}`) ? 0.8 : 0.5;
}

type PaletteProps = { open: boolean; onOpenChange: (open: boolean) => void; onShowKeys: () => void };

/** Search or jump: pages, conversations, agents and commands, by typing part of their name. */
export function Palette({ open, onOpenChange, onShowKeys }: PaletteProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-30 bg-veil" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-x-3 top-3 z-40 flex max-h-[80dvh] flex-col overflow-hidden rounded-card border border-line-strong bg-raised outline-none desk:top-[12dvh] desk:mx-auto desk:max-h-[60dvh] desk:max-w-[600px]"
        >
          <Radix.Title className="sr-only">Search or jump to</Radix.Title>
          <PaletteBody onDone={() => onOpenChange(false)} onShowKeys={onShowKeys} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function PaletteBody({ onDone, onShowKeys }: { onDone: () => void; onShowKeys: () => void }) {
  const router = useRouter();
  const { setTheme } = useTheme();
  const conversations = useQuery(conversationsQuery).data?.items ?? [];
  const agents = useQuery(agentsQuery).data?.items ?? [];
  const mayOperate = useMay('operator');
  const act = (run: () => void) => () => {
    onDone();
    run();
  };
  const go = (href: string) => act(() => router.push(href));
  return (
    <Command label="Search or jump to" loop filter={scoreOf} className="flex min-h-0 flex-col">
      <div className="flex flex-none items-center gap-2 border-line border-b px-3">
        <Search aria-hidden="true" size={14} strokeWidth={1.5} className="flex-none text-text-3" />
        <Command.Input
          autoFocus
          placeholder="Search or jump to"
          className="h-11 min-w-0 flex-1 bg-transparent text-talk outline-none"
        />
        <Keycap keys="escape" />
      </div>
      <Command.List className="thin-scroll min-h-0 flex-1 overflow-y-auto p-1">
        <Command.Empty className="px-3 py-4 text-text-2">Nothing of that name. Try fewer letters.</Command.Empty>
        <PaletteGroup heading="Pages">
          {allPlaces.map(({ href, label, keys, icon }) => (
            <PaletteItem key={href} value={href} words={label} icon={icon} keys={keys} onSelect={go(href)}>
              {label}
            </PaletteItem>
          ))}
        </PaletteGroup>
        <PaletteGroup heading="Commands">
          {mayOperate && (
            <PaletteItem
              value="new-conversation"
              words="New conversation"
              icon={Plus}
              onSelect={go('/conversations?new=true')}
            >
              New conversation
            </PaletteItem>
          )}
          {mayOperate && (
            <PaletteItem value="create-agent" words="Create an agent new" icon={Plus} onSelect={go('/agents?new=true')}>
              Create an agent
            </PaletteItem>
          )}
          <PaletteItem
            value="keys"
            words="Show all keys shortcuts help"
            icon={Keyboard}
            keys="?"
            onSelect={act(onShowKeys)}
          >
            Show all keys
          </PaletteItem>
          {themes.map(({ value, label }) => (
            <PaletteItem
              key={value}
              value={`theme-${value}`}
              words={`Theme ${label}`}
              icon={SunMoon}
              onSelect={act(() => setTheme(value))}
            >
              Theme: {label.toLowerCase()}
            </PaletteItem>
          ))}
        </PaletteGroup>
        <PaletteGroup heading="Conversations">
          {conversations.slice(0, SHOWN_MAX).map(({ id, title, state }) => (
            <PaletteItem
              key={id}
              value={id}
              words={`${title} ${id}`}
              icon={MessagesSquare}
              end={<StateBadge state={state} />}
              onSelect={go(`/conversations/${id}`)}
            >
              <HostileText text={title} wrap={false} />
            </PaletteItem>
          ))}
        </PaletteGroup>
        <PaletteGroup heading="Agents">
          {agents.slice(0, SHOWN_MAX).map(({ id, name, server }) => (
            <PaletteItem
              key={id}
              value={id}
              words={`${name} ${id}`}
              icon={Bot}
              end={server}
              onSelect={go(`/agents/${encodeURIComponent(id)}`)}
            >
              <HostileText text={name} wrap={false} />
            </PaletteItem>
          ))}
        </PaletteGroup>
      </Command.List>
    </Command>
  );
}

const PaletteGroup = ({ heading, children }: { heading: string; children: React.ReactNode }) => (
  <Command.Group
    heading={heading}
    className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-meta [&_[cmdk-group-heading]]:text-text-3"
  >
    {children}
  </Command.Group>
);

type PaletteItemProps = {
  /** Tells it from all others. */
  value: string;
  /** By what it is found. */
  words: string;
  icon: LucideIcon;
  keys?: string;
  end?: React.ReactNode;
  onSelect: () => void;
  children: React.ReactNode;
};

const PaletteItem = ({ value, words, icon: Icon, keys, end, onSelect, children }: PaletteItemProps) => (
  <Command.Item
    value={value}
    keywords={[words]}
    onSelect={onSelect}
    className="flex h-8 select-none items-center gap-2.5 rounded-tile px-2 data-[selected=true]:bg-press pointer-coarse:h-11"
  >
    <Icon aria-hidden="true" size={14} strokeWidth={1.5} className="flex-none text-text-3" />
    <span className="min-w-0 flex-1 truncate">{children}</span>
    {end && <span className="flex-none text-meta text-text-3">{end}</span>}
    {keys && <Keycap keys={keys} />}
  </Command.Item>
);
