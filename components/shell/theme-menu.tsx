'use client';

import { SunMoon } from 'lucide-react';
import { useTheme } from 'next-themes';
import { buttonClass } from '@/components/ui/button-class';
import { Menu, MenuChoice } from '@/components/ui/menu';

export const themes = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;
type ThemeName = (typeof themes)[number]['value'];

export const themeNamed = (name: string | undefined): ThemeName =>
  themes.find(({ value }) => value === name)?.value ?? 'system';

/** Light, dark, or what the system says. */
export function ThemeMenu() {
  const { theme, setTheme } = useTheme();
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label="Theme"
          title="Theme"
          className={`${buttonClass('quiet', 'icon')} max-desk:hidden`}
        >
          <SunMoon aria-hidden="true" size={16} strokeWidth={1.5} />
        </button>
      }
    >
      <MenuChoice label="Theme" value={themeNamed(theme)} choices={themes} onChange={setTheme} />
    </Menu>
  );
}
