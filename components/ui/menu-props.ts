import type { LucideIcon } from 'lucide-react';
import type { LazyModule } from './lazy-module';

export type MenuProps = {
  /** The control that opens it: one focusable element. */
  trigger: React.ReactElement;
  align?: 'start' | 'center' | 'end';
  side?: 'top' | 'right' | 'bottom' | 'left';
  /** What draws its commands, where that is a file of its own: it opens once that is there. Always the same one. */
  part?: LazyModule<unknown>;
  children: React.ReactNode;
};

export type MenuItemProps = {
  icon?: LucideIcon;
  keys?: string;
  /** It takes something away: its word is red. */
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
  children: React.ReactNode;
};

export type MenuLinkProps = { icon?: LucideIcon; href: string; children: React.ReactNode };

export type MenuChoiceProps<Value extends string> = {
  label: string;
  value: Value;
  choices: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
};
