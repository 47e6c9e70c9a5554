/**
 * The zod of the browser: what the build gives pages for `zod` (next.config.ts). It is zod's small edition (`zod/mini`,
 * the same parsers and messages) with those methods that the schemas of lib/protocol call, and comes to a third of the
 * weight. HAZARD: a method that is missing here fails as soon as a page that uses it is loaded, and types cannot see
 * that. browser-zod.test.ts loads every schema and holds both editions against each other.
 */

import {
  _default,
  array,
  boolean,
  catchall,
  coerce,
  config,
  type core,
  discriminatedUnion,
  extend,
  gte,
  int,
  iso,
  json,
  literal,
  looseObject,
  lte,
  maxLength,
  minLength,
  NEVER,
  never,
  nonnegative,
  null as nothing,
  nullable,
  number,
  object,
  enum as oneOf,
  optional,
  partial,
  partialRecord,
  pipe,
  positive,
  record,
  refine,
  regex,
  startsWith,
  strictObject,
  string,
  superRefine,
  toLowerCase,
  transform,
  trim,
  union,
  unknown,
  uuid,
  ZodMiniArray,
  ZodMiniNumber,
  ZodMiniObject,
  ZodMiniString,
  ZodMiniType,
} from 'zod/mini';
import en from 'zod/v4/locales/en.js';

type Issue = { code: 'custom'; message: string; path?: PropertyKey[] };
type IssueContext = core.ParsePayload & { addIssue(issue: Issue): void };

config(en());

Object.assign(ZodMiniType.prototype, {
  optional(this: ZodMiniType) {
    return optional(this);
  },
  nullable(this: ZodMiniType) {
    return nullable(this);
  },
  default(this: ZodMiniType, value: unknown) {
    return _default(this, value);
  },
  refine(this: ZodMiniType, holds: (value: unknown) => unknown, params?: string) {
    return this.check(refine(holds, params));
  },
  superRefine(this: ZodMiniType, look: Parameters<typeof superRefine>[0]) {
    return this.check(superRefine(look));
  },
  transform(this: ZodMiniType, change: (value: unknown, context: IssueContext) => unknown) {
    const changing = transform((value: unknown, payload) => {
      const addIssue = (issue: Issue) => {
        payload.issues.push({ input: payload.value, inst: changing, ...issue });
      };
      return change(value, Object.assign(payload, { addIssue }));
    });
    return pipe(this, changing);
  },
  pipe(this: ZodMiniType, next: ZodMiniType) {
    return pipe(this, next);
  },
});

Object.assign(ZodMiniString.prototype, {
  min(this: ZodMiniString, length: number, params?: string) {
    return this.check(minLength(length, params));
  },
  max(this: ZodMiniString, length: number, params?: string) {
    return this.check(maxLength(length, params));
  },
  regex(this: ZodMiniString, pattern: RegExp, params?: string) {
    return this.check(regex(pattern, params));
  },
  startsWith(this: ZodMiniString, beginning: string, params?: string) {
    return this.check(startsWith(beginning, params));
  },
  trim(this: ZodMiniString) {
    return this.check(trim());
  },
  toLowerCase(this: ZodMiniString) {
    return this.check(toLowerCase());
  },
});

Object.assign(ZodMiniNumber.prototype, {
  min(this: ZodMiniNumber, least: number, params?: string) {
    return this.check(gte(least, params));
  },
  max(this: ZodMiniNumber, most: number, params?: string) {
    return this.check(lte(most, params));
  },
  int(this: ZodMiniNumber, params?: string) {
    return this.check(int(params));
  },
  positive(this: ZodMiniNumber, params?: string) {
    return this.check(positive(params));
  },
  nonnegative(this: ZodMiniNumber, params?: string) {
    return this.check(nonnegative(params));
  },
});

Object.assign(ZodMiniArray.prototype, {
  min(this: ZodMiniArray, length: number, params?: string) {
    return this.check(minLength(length, params));
  },
  max(this: ZodMiniArray, length: number, params?: string) {
    return this.check(maxLength(length, params));
  },
});

Object.assign(ZodMiniObject.prototype, {
  extend(this: ZodMiniObject, shape: core.$ZodShape) {
    return extend(this, shape);
  },
  partial(this: ZodMiniObject, mask?: Record<string, true>) {
    return mask === undefined ? partial(this) : partial(this, mask);
  },
  strict(this: ZodMiniObject) {
    return catchall(this, never());
  },
  catchall(this: ZodMiniObject, rest: ZodMiniType) {
    return catchall(this, rest);
  },
});

/** What the schemas call, by name: the whole of zod as one object would bring all of it, with the words of every language. */
const called = {
  array: array,
  boolean: boolean,
  coerce: { number: coerce.number },
  discriminatedUnion: discriminatedUnion,
  enum: oneOf,
  iso: { datetime: iso.datetime },
  json: json,
  literal: literal,
  looseObject: looseObject,
  NEVER: NEVER,
  null: nothing,
  number: number,
  object: object,
  partialRecord: partialRecord,
  record: record,
  strictObject: strictObject,
  string: string,
  union: union,
  unknown: unknown,
  uuid: uuid,
};

export { called as z };
