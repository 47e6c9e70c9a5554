'use client';

import { Check, type LucideIcon } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import { Keycap } from './keycap';

const itemClass =
  'flex min-h-7 cursor-default select-none items-center gap-2 rounded-tile px-2 py-1 text-ui outline-none data-[disabled]:text-text-3 data-[highlighted]:bg-press pointer-coarse:min-h-11';

type MenuProps = {
  /** The control that opens it: one focusable element. */
  trigger: React.ReactElement;
  align?: 'start' | 'center' | 'end';
  side?: 'top' | 'right' | 'bottom' | 'left';
  children: React.ReactNode;
};

/** A list of commands behind a control. */
export function Menu({ trigger, align = 'end', side = 'bottom', children }: MenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
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

type MenuItemProps = {
  icon?: LucideIcon;
  keys?: string;
  /** It takes something away: its word is red. */
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
  children: React.ReactNode;
};

export function MenuItem({ icon: Icon, keys, danger = false, disabled = false, onSelect, children }: MenuItemProps) {
  return (
    <Radix.Item disabled={disabled} onSelect={onSelect} className={`${itemClass} ${danger ? 'text-fail-text' : ''}`}>
      {Icon && <Icon aria-hidden="true" size={14} strokeWidth={1.5} className="flex-none text-text-3" />}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {keys && <Keycap keys={keys} />}
    </Radix.Item>
  );
}

type MenuLinkProps = { icon?: LucideIcon; href: string; children: React.ReactNode };

/** A command that leaves a file with the reader. */
export const MenuDownload = ({ icon: Icon, href, children }: MenuLinkProps) => (
  <Radix.Item asChild className={`${itemClass} no-underline`}>
    <a href={href} download>
      {Icon && <Icon aria-hidden="true" size={14} strokeWidth={1.5} className="flex-none text-text-3" />}
      <span className="min-w-0 flex-1 truncate">{children}</span>
    </a>
  </Radix.Item>
);

type MenuChoiceProps<Value extends string> = {
  label: string;
  value: Value;
  choices: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
};

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
