import { classNames } from './class-names';

const variants = {
  plain: 'border-line-strong bg-surface text-text hover:bg-hover',
  primary: 'filled border-ink bg-ink text-text-inverse',
  human: 'filled border-human bg-human text-surface',
  danger: 'border-fail bg-surface text-fail-text hover:bg-fail-wash',
  quiet: 'border-transparent bg-transparent text-text-2 hover:bg-hover hover:text-text',
} as const;

const sizes = {
  regular: 'h-7 px-2.5 text-ui',
  small: 'h-6 px-2 text-meta',
  tall: 'h-8 px-3 text-ui',
  icon: 'size-7',
  'small-icon': 'size-6',
} as const;

export type ButtonVariant = keyof typeof variants;
export type ButtonSize = keyof typeof sizes;

/** Look of a control, for what is not a `<button>`. Pressed: sunken. Disabled: dashed, never grey on grey. */
export const buttonClass = (variant: ButtonVariant = 'plain', size: ButtonSize = 'regular'): string =>
  classNames(
    'inline-flex flex-none items-center justify-center gap-1.5 whitespace-nowrap rounded-control border font-control no-underline select-none',
    'aria-pressed:bg-press disabled:border-line-strong disabled:border-dashed disabled:bg-transparent disabled:text-text-3',
    'pointer-coarse:min-h-11 pointer-coarse:min-w-11',
    sizes[size],
    variants[variant],
  );
