type Field = HTMLInputElement | HTMLTextAreaElement;

/**
 * Ref of a field with a value: tells its `onChange` what somebody typed before React took the page over. React leaves such
 * text standing, knows nothing of it, and would empty the field the next time it draws it.
 */
export function keepTyped(field: Field | null): void {
  if (!field || field.value === field.defaultValue) return;
  const typed = field.value;
  const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value');
  queueMicrotask(() => {
    field.value = field.defaultValue; // React watches this property of the element: it remembers the value from before
    own?.set?.call(field, typed); // and does not see this one, so that the event tells of a change
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}
