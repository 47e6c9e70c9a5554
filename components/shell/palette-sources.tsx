'use client';

import { useQuery } from '@tanstack/react-query';
import {
  Bot,
  History,
  Inbox,
  Keyboard,
  ListChecks,
  type LucideIcon,
  MessagesSquare,
  Plug,
  Plus,
  SlidersHorizontal,
  SunMoon,
} from 'lucide-react';
import { useTheme } from 'next-themes';
import { cutText, oneLine } from '@/components/ui/cut-text';
import { StateBadge } from '@/components/ui/state-badge';
import { agentsQuery } from '@/lib/client/agent-queries';
import { useMay } from '@/lib/client/caller';
import { conversationsQuery } from '@/lib/client/conversation-queries';
import { waitingDraftsQuery } from '@/lib/client/draft-queries';
import { tasksQuery } from '@/lib/client/task-queries';
import { allPlaces } from './places';
import { useRecentPlaces } from './recent-places';
import { themes } from './theme-menu';

/** One line of the palette. `value` tells it from all others; it is found by its label and `words`. */
export type PaletteEntry = {
  value: string;
  label: string;
  words?: string;
  icon: LucideIcon;
  keys?: string;
  end?: React.ReactNode;
  /** Where it leads, or what it does. */
  to: string | (() => void);
};

export type PaletteSource = { heading: string; useEntries: (palette: { showKeys: () => void }) => PaletteEntry[] };

/** Of each kind, the newest: beyond that the lists have a filter of their own. */
const SHOWN_MAX = 250;
const RECENT_MAX = 5;

const sections = [
  { section: 'you', label: 'You: password, passkeys, sessions', admin: false },
  { section: 'letta', label: 'Letta servers', admin: false },
  { section: 'review', label: 'Review: standing rules and gates', admin: false },
  { section: 'people', label: 'People and invitations', admin: true },
  { section: 'keys', label: 'API keys', admin: true },
  { section: 'workspace', label: 'Workspace: limits and the sandbox', admin: true },
];

/** What the palette finds, in its order. Another kind of thing is another line here. */
export const paletteSources: readonly PaletteSource[] = [
  { heading: 'Recent', useEntries: useRecentEntries },
  { heading: 'Pages', useEntries: usePageEntries },
  { heading: 'Commands', useEntries: useCommandEntries },
  { heading: 'Drafts that wait', useEntries: useDraftEntries },
  { heading: 'Conversations', useEntries: useConversationEntries },
  { heading: 'Tasks', useEntries: useTaskEntries },
  { heading: 'Agents', useEntries: useAgentEntries },
  { heading: 'Settings', useEntries: useSettingEntries },
];

function useRecentEntries(): PaletteEntry[] {
  return useRecentPlaces()
    .slice(0, RECENT_MAX)
    .map(({ href, label }) => ({ value: `recent:${href}`, label, icon: History, to: href }));
}

function usePageEntries(): PaletteEntry[] {
  return allPlaces.map(({ href, label, keys, icon }) => ({ value: href, label, icon, keys, to: href }));
}

function useCommandEntries({ showKeys }: { showKeys: () => void }): PaletteEntry[] {
  const { setTheme } = useTheme();
  const mayOperate = useMay('operator');
  const mayConnect = useMay('admin');
  return [
    ...(mayOperate ? operatorCommands : []),
    ...(mayConnect ? [connectCommand] : []),
    { value: 'keys', label: 'Show all keys', words: 'shortcuts help', icon: Keyboard, keys: '?', to: showKeys },
    ...themes.map(({ value, label }) => ({
      value: `theme-${value}`,
      label: `Theme: ${label.toLowerCase()}`,
      icon: SunMoon,
      to: () => setTheme(value),
    })),
  ];
}

const connectCommand: PaletteEntry = {
  value: 'connect-letta',
  label: 'Connect your Letta',
  words: 'server new',
  icon: Plug,
  to: '/?connect=true',
};

const operatorCommands: PaletteEntry[] = [
  { value: 'new-conversation', label: 'New conversation', icon: Plus, to: '/conversations?new=true' },
  { value: 'new-task', label: 'New task', icon: Plus, to: '/tasks?new=true' },
  { value: 'create-agent', label: 'Create an agent', words: 'new', icon: Plus, to: '/agents?new=true' },
];

function useDraftEntries(): PaletteEntry[] {
  const drafts = useQuery(waitingDraftsQuery).data?.items ?? [];
  return drafts.slice(0, SHOWN_MAX).map(({ id, from, to, content }) => ({
    value: `draft:${id}`,
    label: `${from.name} to ${to.name}: ${oneLine(cutText(content, 80))}`,
    words: id,
    icon: Inbox,
    to: `/drafts/${id}`,
  }));
}

function useConversationEntries(): PaletteEntry[] {
  const conversations = useQuery(conversationsQuery).data?.items ?? [];
  return conversations.slice(0, SHOWN_MAX).map(({ id, title, seats, state }) => ({
    value: id,
    label: title,
    words: [id, ...seats.map(({ name }) => name)].join(' '),
    icon: MessagesSquare,
    end: <StateBadge state={state} />,
    to: `/conversations/${id}`,
  }));
}

function useTaskEntries(): PaletteEntry[] {
  const tasks = useQuery(tasksQuery).data?.items ?? [];
  return tasks.slice(0, SHOWN_MAX).map(({ id, command, state }) => ({
    value: `task:${id}`,
    label: command,
    words: id,
    icon: ListChecks,
    end: state.toLowerCase().replaceAll('_', ' '),
    to: `/tasks/${encodeURIComponent(id)}`,
  }));
}

function useAgentEntries(): PaletteEntry[] {
  const agents = useQuery(agentsQuery).data?.items ?? [];
  return agents.slice(0, SHOWN_MAX).map(({ id, name, server }) => ({
    value: id,
    label: name,
    words: id,
    icon: Bot,
    end: server,
    to: `/agents/${encodeURIComponent(id)}`,
  }));
}

function useSettingEntries(): PaletteEntry[] {
  const isAdmin = useMay('admin');
  return sections
    .filter(({ admin }) => isAdmin || !admin)
    .map(({ section, label }) => ({
      value: `settings:${section}`,
      label,
      words: 'settings',
      icon: SlidersHorizontal,
      to: `/settings?section=${section}`,
    }));
}
