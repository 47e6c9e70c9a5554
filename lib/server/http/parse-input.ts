import { z } from 'zod';
import { AppError } from '@/lib/protocol/errors';

/**
 * Parses what a client sent. `name` is said before the path of what is wrong: the name of a parameter or header.
 * @throws AppError `request.invalid` with what is wrong by path, or `request.too_large` for a text beyond its limit.
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown, name?: string): z.infer<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw toInputError(parsed.error, name);
}

/** The same for an error that zod threw by itself. */
export function toInputError(error: z.ZodError, name?: string): AppError {
  const faults = new Map<string, string>(); // a member may be called `toString`, or `__proto__`
  for (const issue of error.issues) {
    for (const [path, message] of faultsOf(issue)) {
      const where = [name, path].filter(Boolean).join('.');
      if (!faults.has(where)) faults.set(where, message);
    }
  }
  const fields = Object.fromEntries(faults);
  const [[path, message] = ['', 'not as expected']] = Object.entries(fields);
  const text = `The request does not parse: ${path ? `${path}: ` : ''}${message}.`;
  return new AppError(error.issues.some(isTooLarge) ? 'request.too_large' : 'request.invalid', text, {
    fields,
    cause: error,
  });
}

function faultsOf(issue: z.core.$ZodIssue): [path: string, message: string][] {
  const path = issue.path.map(String).join('.');
  if (issue.code !== 'unrecognized_keys') return [[path, issue.message]];
  return issue.keys.map((key) => [path ? `${path}.${key}` : key, 'is not known here']);
}

const TooLarge = z.object({ code: z.literal('custom'), params: z.object({ tooLarge: z.literal(true) }) });
const isTooLarge = (issue: z.core.$ZodIssue): boolean => TooLarge.safeParse(issue).success;

/** Whether it is zod's, also when it comes from another copy of the library. */
export const isZodError = (error: unknown): error is z.ZodError => error instanceof Error && error.name === 'ZodError';
