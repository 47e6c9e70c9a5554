/**
 * Arguments of a call as canonical JSON (RFC 8785), so that the same arguments have the same hash. What is no JSON object
 * stays the text that the model wrote.
 */
export function canonicalArguments(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? canonical(value) : text;
  } catch {
    return text; // What a model writes need not be JSON.
  }
}

/** Numbers and strings as ECMAScript writes them, members by UTF-16 code units: that is what RFC 8785 asks for. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}
