/**
 * Arguments of a call as canonical JSON (RFC 8785), so that the same arguments have the same hash. What is no JSON object
 * stays the text that the model wrote, and so does what that standard cannot say: numbers beyond a double, names that come
 * twice. INVARIANT: who approves has read what runs, for the engine runs the call as it was written.
 */
export function canonicalArguments(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && isSaidAlike(text, value) ? canonical(value) : text;
  } catch {
    return text; // What a model writes need not be JSON.
  }
}

/** Strings, and between them numbers: what else is in JSON has one form. */
const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** No double needs so many digits. */
const NUMBER_MAX = 100;

/** Whether reading the text has lost nothing: each number is the one that was written, each name comes once. */
export function isSaidAlike(text: string, value: object): boolean {
  let names = 0;
  for (const [token, isName] of text.matchAll(TOKEN)) {
    if (isName !== undefined) names += 1;
    else if (!token.startsWith('"') && !isDouble(token)) return false;
  }
  return names === countNames(value);
}

const isDouble = (number: string): boolean =>
  number.length <= NUMBER_MAX && digitsOf(number) === digitsOf(String(Number(number)));

/** A decimal number by its value alone: sign, digits without zeros at either end, and the power of ten behind them. */
function digitsOf(number: string): string {
  const [, sign, whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const short = digits.replace(/0+$/, '');
  if (short === '') return sign === undefined ? 'not finite' : '0';
  return `${sign}${short}e${Number(power) - fraction.length + digits.length - short.length}`;
}

const countNames = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0;
  const members = Object.values(value);
  const own = Array.isArray(value) ? 0 : members.length;
  return members.reduce<number>((sum, member) => sum + countNames(member), own);
};

/** Numbers and strings as ECMAScript writes them, members by UTF-16 code units: that is what RFC 8785 asks for. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}
