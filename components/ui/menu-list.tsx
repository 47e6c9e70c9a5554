'use client';

import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import { useEffect, useRef } from 'react';
import { Keycap } from './keycap';
import type { MenuChoiceProps, MenuItemProps, MenuLinkProps, MenuProps } from './menu-props';

type MenuListProps = MenuProps & { press: KeyboardEvent | PointerEvent };

const itemClass =
  'flex min-h-7 cursor-default select-none items-center gap-2 rounded-tile px-2 py-1 text-ui outline-none data-[disabled]:text-text-3 data-[highlighted]:bg-press pointer-coarse:min-h-11';

/**
 * The menu behind `trigger`, which stood there without one until somebody pressed it: the press that asked for it is
 * given to it again, so that it opens as by that press, with the focus where a key or a pointer wants it.
 */
export function MenuList({ trigger, press, align = 'end', side = 'bottom', children }: MenuListProps) {
  const button = useRef<HTMLButtonElement>(null);
  const isPressed = useRef(false);
  useEffect(() => {
    if (isPressed.current) return;
    isPressed.current = true;
    if (press instanceof KeyboardEvent) button.current?.focus();
    button.current?.dispatchEvent(again(press));
  }, [press]);
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger ref={button} asChild>
        {trigger}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className="thin-scroll z-50 max-h-[70dvh] min-w-44 max-w-80 overflow-y-auto rounded-card border border-line-strong bg-raised p-1"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const again = (press: KeyboardEvent | PointerEvent): Event =>
  press instanceof KeyboardEvent
    ? new KeyboardEvent('keydown', { key: press.key, bubbles: true, cancelable: true })
    : new PointerEvent('pointerdown', { pointerType: press.pointerType, button: 0, bubbles: true, cancelable: true });

export function MenuItem({ icon: Icon, keys, danger = false, disabled = false, onSelect, children }: MenuItemProps) {
  return (
    <Radix.Item disabled={disabled} onSelect={onSelect} className={`${itemClass} ${danger ? 'text-fail-text' : ''}`}>
      {Icon && <Icon aria-hidden="true" size={14} strokeWidth={1.5} className="flex-none text-text-3" />}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {keys && <Keycap keys={keys} />}
    </Radix.Item>
  );
}

/** A command that leaves a file with the reader. */
export const MenuDownload = ({ icon: Icon, href, children }: MenuLinkProps) => (
  <Radix.Item asChild className={`${itemClass} no-underline`}>
    <a href={href} download>
      {Icon && <Icon aria-hidden="true" size={14} strokeWidth={1.5} className="flex-none text-text-3" />}
      <span className="min-w-0 flex-1 truncate">{children}</span>
    </a>
  </Radix.Item>
);

/** One of a few within a menu; the chosen one carries a check. */
export function MenuChoice<Value extends string>({ label, value, choices, onChange }: MenuChoiceProps<Value>) {
  return (
    <Radix.RadioGroup
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const choice = choices.find((candidate) => candidate.value === next);
        if (choice) onChange(choice.value);
      }}
    >
      {choices.map((choice) => (
        <Radix.RadioItem key={choice.value} value={choice.value} className={itemClass}>
          <span className="grid size-3.5 flex-none place-items-center">
            <Radix.ItemIndicator>
              <Check aria-hidden="true" size={14} strokeWidth={1.5} />
            </Radix.ItemIndicator>
          </span>
          {choice.label}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export const MenuLabel = ({ children }: { children: React.ReactNode }) => (
  <Radix.Label className="px-2 pt-1.5 pb-1 text-meta text-text-3">{children}</Radix.Label>
);

export const MenuSeparator = () => <Radix.Separator className="-mx-1 my-1 border-line border-t" />;
