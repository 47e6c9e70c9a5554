import { Bot, LayoutGrid, type LucideIcon, MessagesSquare, SlidersHorizontal } from 'lucide-react';

export type Place = { href: string; label: string; keys: string; icon: LucideIcon };

/** The pages of the rail, in its order. What is not built is not here. */
export const places: readonly Place[] = [
  { href: '/', label: 'Overview', keys: 'g o', icon: LayoutGrid },
  { href: '/conversations', label: 'Conversations', keys: 'g c', icon: MessagesSquare },
  { href: '/agents', label: 'Agents', keys: 'g a', icon: Bot },
];

/** At the foot of the rail. */
export const settingsPlace: Place = { href: '/settings', label: 'Settings', keys: 'g s', icon: SlidersHorizontal };

export const allPlaces: readonly Place[] = [...places, settingsPlace];

/** The place that a path belongs to: `/agents/agent-1` to Agents. */
export function placeOf(path: string): Place | undefined {
  return allPlaces.find(({ href }) => path === href || (href !== '/' && path.startsWith(`${href}/`)));
}
