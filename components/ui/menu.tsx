'use client';

import { type KeyboardEvent as ReactKeyboardEvent, type PointerEvent as ReactPointerEvent, useState } from 'react';
import { lazyModule } from './lazy-module';
import type { MenuChoiceProps, MenuItemProps, MenuLinkProps, MenuProps } from './menu-props';
import { tellNotLoaded } from './tell-not-loaded';
import { withProps } from './with-props';

/** What draws menus. Loaded when the page has come to rest, or with the first one that opens. */
export const menuList = lazyModule(() => import('./menu-list'));

const OPENING_KEYS = ['Enter', ' ', 'ArrowDown'];

/** A list of commands behind a control. */
export function Menu({ part = menuList, ...props }: MenuProps) {
  const [press, setPress] = useState<KeyboardEvent | PointerEvent | null>(null);
  const fail = () => {
    setPress(null);
    tellNotLoaded();
  };
  const list = menuList.useLoaded(press !== null, fail);
  const commands = part.useLoaded(press !== null && list !== null, fail); // one after the other: it is told once
  if (list && commands && press) return <list.MenuList {...props} press={press} />;
  const onPointerDown = (event: ReactPointerEvent) => {
    if (event.button !== 0 || event.ctrlKey) return;
    event.preventDefault(); // the focus goes to the menu
    setPress(event.nativeEvent);
  };
  const onKeyDown = (event: ReactKeyboardEvent) => {
    if (!OPENING_KEYS.includes(event.key)) return;
    event.preventDefault();
    setPress(event.nativeEvent);
  };
  const preload = () => {
    menuList.preload();
    part.preload();
  };
  return withProps(props.trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onPointerEnter: preload,
    onFocus: preload,
    onPointerDown,
    onKeyDown,
  });
}

// Within a menu, which is drawn only once its parts are there.
export function MenuItem(props: MenuItemProps) {
  const parts = menuList.now();
  return parts && <parts.MenuItem {...props} />;
}

/** A command that leaves a file with the reader. */
export function MenuDownload(props: MenuLinkProps) {
  const parts = menuList.now();
  return parts && <parts.MenuDownload {...props} />;
}

/** One of a few within a menu; the chosen one carries a check. */
export function MenuChoice<Value extends string>(props: MenuChoiceProps<Value>) {
  const parts = menuList.now();
  return parts && <parts.MenuChoice {...props} />;
}

export function MenuLabel(props: { children: React.ReactNode }) {
  const parts = menuList.now();
  return parts && <parts.MenuLabel {...props} />;
}

export function MenuSeparator() {
  const parts = menuList.now();
  return parts && <parts.MenuSeparator />;
}
