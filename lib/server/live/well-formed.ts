import { z } from 'zod';
import { parseInput } from '../http/parse-input';

const DEPTH_MAX = 64;

const Deep = z.unknown().refine((value) => !isDeeper(value, DEPTH_MAX), `at most ${DEPTH_MAX} levels`);

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1)));

/** Whether it is what JSON.parse gives of well-formed text, and no deeper than so many levels. */
function isPlain(value: unknown, levels: number): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return value === null || typeof value === 'boolean';
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isPlain(item, levels - 1));
  if (Object.getPrototypeOf(value) !== Object.prototype || 'toJSON' in value) return false;
  return Object.values(value).every((member) => isPlain(member, levels - 1));
}

/**
 * What a socket brought, as if it had passed the door of HTTP: what JSON.parse gives of well-formed text.
 * @throws AppError `request.invalid`: deeper than 64 levels.
 */
export function wellFormed(message: unknown): unknown {
  if (isPlain(message, DEPTH_MAX)) return message;
  const text = JSON.stringify(parseInput(Deep, message, 'message')) ?? 'null';
  return JSON.parse(text, (_, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value));
}

/** It as JSON, as far as it can be written down. */
export function written(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return ''; // so deep that the stack does not hold it
  }
}
