/** The arguments of a call as pairs; null when they are not a JSON object. */
export function argumentPairs(text: string): [name: string, value: string][] | null {
  const given = parsed(text);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null;
  return Object.entries(given).map(([name, value]) => [name, JSON.stringify(value, null, 1) ?? '']);
}

/** The arguments of a call on one line: `label: "human", limit: 5`; as they came when they are not a JSON object. */
export const argumentsLine = (text: string): string =>
  argumentPairs(text)
    ?.map(([name, value]) => `${name}: ${value.replace(/\s+/g, ' ')}`)
    .join(', ') ?? text.replace(/\s+/g, ' ');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // what a model wrote need not be JSON: it is shown as it came
  }
}
