/**
 * A shortcut is written as steps parted by spaces (`g o`), each step a key with its modifiers (`mod+shift+j`). `mod` is
 * ⌘ on Apple machines and Ctrl elsewhere; named keys are `enter`, `escape`, `up`, `down`.
 */
type KeyPress = {
  key: string;
  metaKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
};

const symbols: Record<string, string> = { enter: '⏎', escape: 'Esc', up: '↑', down: '↓' };
const eventKeys: Record<string, string> = { ArrowUp: 'up', ArrowDown: 'down', ' ': 'space' };

const partsOf = (step: string): { key: string; modifiers: Set<string> } => {
  const parts = step === '+' ? ['+'] : step.split('+');
  return { key: parts.at(-1) ?? '', modifiers: new Set(parts.slice(0, -1)) };
};

/** Whether a step asks for ⌘ or Ctrl: only those are heard while the reader types. */
export const stepHasMod = (step: string): boolean => partsOf(step).modifiers.has('mod');

/** Whether a key press is this step. Shift is compared for letters and named keys; for `?` the layout decides. */
export function matchesStep(step: string, press: KeyPress, apple: boolean): boolean {
  const { key, modifiers } = partsOf(step);
  const pressed = eventKeys[press.key] ?? press.key.toLowerCase();
  const mod = apple ? press.metaKey : press.ctrlKey;
  const otherMod = apple ? press.ctrlKey : press.metaKey;
  if (pressed !== key || press.altKey !== modifiers.has('alt')) return false;
  if (mod !== modifiers.has('mod') || otherMod) return false;
  const shiftCounts = key.length > 1 || /[a-z]/.test(key);
  return !shiftCounts || press.shiftKey === modifiers.has('shift');
}

/** What stands on a keycap: `⌘K` or `Ctrl K`, `G O`, `?`. */
export function keysText(keys: string, apple: boolean): string {
  return keys
    .split(' ')
    .map((step) => stepText(step, apple))
    .join(' ');
}

function stepText(step: string, apple: boolean): string {
  const { key, modifiers } = partsOf(step);
  const cap = symbols[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  const before = [
    modifiers.has('mod') && (apple ? '⌘' : 'Ctrl '),
    modifiers.has('alt') && (apple ? '⌥' : 'Alt '),
    modifiers.has('shift') && '⇧',
  ];
  return before.filter(Boolean).join('') + cap;
}

/** The same for `aria-keyshortcuts`: `Control+K`. A sequence cannot be said there; its last key is. */
export function ariaKeys(keys: string): string {
  const { key, modifiers } = partsOf(keys.split(' ').at(-1) ?? '');
  const held = [modifiers.has('mod') && 'Control', modifiers.has('alt') && 'Alt', modifiers.has('shift') && 'Shift'];
  return [...held.filter(Boolean), key.charAt(0).toUpperCase() + key.slice(1)].join('+');
}
