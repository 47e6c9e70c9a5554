import { Bot, Inbox, LayoutGrid, ListChecks, type LucideIcon, MessagesSquare, SlidersHorizontal } from 'lucide-react';

export type Place = {
  href: string;
  label: string;
  keys: string;
  icon: LucideIcon;
  /** How many of its things wait for a person stands beside it. */
  counts?: 'drafts';
};

/** The pages of the rail, in its order. What is not built is not here. */
export const places: readonly Place[] = [
  { href: '/', label: 'Overview', keys: 'g o', icon: LayoutGrid },
  { href: '/conversations', label: 'Conversations', keys: 'g c', icon: MessagesSquare },
  { href: '/drafts', label: 'Drafts', keys: 'g d', icon: Inbox, counts: 'drafts' },
  { href: '/tasks', label: 'Tasks', keys: 'g t', icon: ListChecks },
  { href: '/agents', label: 'Agents', keys: 'g a', icon: Bot },
];

/** At the foot of the rail. */
export const settingsPlace: Place = { href: '/settings', label: 'Settings', keys: 'g s', icon: SlidersHorizontal };

export const allPlaces: readonly Place[] = [...places, settingsPlace];

/** The place that a path belongs to: `/agents/agent-1` to Agents. */
export function placeOf(path: string): Place | undefined {
  return allPlaces.find(({ href }) => path === href || (href !== '/' && path.startsWith(`${href}/`)));
}
