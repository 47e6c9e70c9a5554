'use client';

import { LogOut, SlidersHorizontal } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTheme } from 'next-themes';
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from '@/components/ui/menu';
import { initials } from '@/components/ui/tile-letters';
import { useCaller } from '@/lib/client/caller';
import { useSignOut } from '@/lib/client/use-sign-out';
import { themeNamed, themes } from './theme-menu';

/** Who is signed in, and the way out. */
export function PersonMenu() {
  const caller = useCaller();
  const router = useRouter();
  const signOut = useSignOut();
  const { theme, setTheme } = useTheme();
  return (
    <Menu
      trigger={
        <button
          type="button"
          title={`${caller.name} · ${caller.role}`}
          className="grid size-6 flex-none place-items-center rounded-round pointer-coarse:size-11"
        >
          <span
            aria-hidden="true"
            className="grid size-6 place-items-center rounded-round bg-human font-strong text-micro text-surface"
          >
            {initials(caller.name)}
          </span>
          <span className="sr-only">
            {caller.name}, {caller.role}
          </span>
        </button>
      }
    >
      <MenuLabel>
        <span className="block max-w-64 truncate font-name text-text text-ui">{caller.name}</span>
        <span className="capitalize">{caller.role}</span>
      </MenuLabel>
      <MenuSeparator />
      <MenuItem icon={SlidersHorizontal} keys="g s" onSelect={() => router.push('/settings')}>
        Settings
      </MenuItem>
      <div className="desk:hidden">
        <MenuSeparator />
        <MenuLabel>Theme</MenuLabel>
        <MenuChoice label="Theme" value={themeNamed(theme)} choices={themes} onChange={setTheme} />
      </div>
      <MenuSeparator />
      <MenuItem icon={LogOut} onSelect={() => signOut.mutate(null)}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
