import type { z } from 'zod';
import { ApiError } from '@/lib/client/api';

/** What is wrong in a form, by path (`opening.to`); the empty path is for what belongs to no single field. */
export type FormErrors<Path extends string = string> = Partial<Record<Path | '', string>>;

/** Checks values by the schema that the server uses: the same words, before anything is sent. */
export function formErrors(schema: z.ZodType, values: unknown): Record<string, string> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return {};
  const errors: Record<string, string> = {};
  for (const issue of parsed.error.issues) errors[issue.path.join('.')] ??= issue.message;
  return errors;
}

/**
 * What the server refused, at the fields that this form has (`paths`); everything else goes to the empty path, so that
 * no reason is lost.
 */
export function refusalErrors(error: Error, paths: readonly string[]): Record<string, string> {
  if (!(error instanceof ApiError)) return { '': error.message };
  const entries = Object.entries(error.fields);
  const mine = entries.filter(([path]) => paths.includes(path));
  const others = entries.filter(([path]) => !paths.includes(path)).map(([path, message]) => `${path}: ${message}`);
  if (mine.length > 0 && others.length === 0) return Object.fromEntries(mine);
  return { ...Object.fromEntries(mine), '': others.length > 0 ? others.join('; ') : error.message };
}
