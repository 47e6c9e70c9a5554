'use client';

import { LogOut, SlidersHorizontal } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTheme } from 'next-themes';
import { MenuChoice, MenuItem, MenuLabel, MenuSeparator } from '@/components/ui/menu';
import { useCaller } from '@/lib/client/caller';
import { useSignOut } from '@/lib/client/use-sign-out';
import { themeNamed, themes } from './theme-menu';

/** What the menu of the person who is signed in offers. */
export function PersonCommands() {
  const caller = useCaller();
  const router = useRouter();
  const signOut = useSignOut();
  const { theme, setTheme } = useTheme();
  return (
    <>
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
    </>
  );
}
