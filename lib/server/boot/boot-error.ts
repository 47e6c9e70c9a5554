const BRAND = Symbol.for('parley.BootError'); // survives being loaded twice; instanceof does not

/**
 * Why Parley cannot start, in words for the person who started it: what is wrong, where, and what would be right.
 * Shown without a stack, and the process ends with exit code 1.
 */
export class BootError extends Error {
  readonly [BRAND] = true;

  constructor(message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.name = 'BootError';
  }
}

export const isBootError = (error: unknown): error is BootError =>
  typeof error === 'object' && error !== null && BRAND in error;
