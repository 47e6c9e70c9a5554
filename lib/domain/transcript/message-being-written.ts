/**
 * The value of `message` in the arguments of a messaging call, as far as they have been written; null before it begins.
 * Arguments come in fragments: the text may end anywhere, also within an escape.
 */
export function messageBeingWritten(argumentsText: string): string | null {
  const begin = /"message"\s*:\s*"/.exec(argumentsText);
  if (!begin) return null;
  const rest = argumentsText.slice(begin.index + begin[0].length);
  const written = /^(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/.exec(rest)?.[0] ?? '';
  return JSON.parse(`"${written.replace(/\p{Cc}/gu, escapeControl)}"`);
}

const escapeControl = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
