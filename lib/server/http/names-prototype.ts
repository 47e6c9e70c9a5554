/**
 * Whether a member at any depth of what JSON.parse gave is called `__proto__`. Parsing it by a schema leaves that member
 * out, and assigning it elsewhere makes something else of it: what nobody could keep is refused, and not lost in silence.
 */
export function namesPrototype(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, member]) => name === '__proto__' || namesPrototype(member));
}

/** What is said of it, by the field at fault. */
export const notNamedPrototype = 'no member may be called __proto__';
