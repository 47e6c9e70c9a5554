import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { ZodType } from 'zod';
import { projectRoot } from '@/lib/server/boot/project-root';
import { everyEntry } from '@/lib/testing/every-entry';

type Schemas = ReadonlyMap<string, ZodType>;

const isSchema = (value: unknown): value is ZodType => typeof value === 'object' && value !== null && '_zod' in value;

/** Every schema that a file of lib/protocol exports, by file and name; tables of payloads by their entries. */
async function schemas(): Promise<Schemas> {
  const directory = join(projectRoot(), 'lib/protocol');
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const found = new Map<string, ZodType>();
  for (const file of files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))) {
    const module: Record<string, unknown> = await import(join(directory, file));
    for (const [name, value] of Object.entries(module)) {
      const inner = typeof value === 'object' && value !== null && !isSchema(value) ? Object.entries(value) : [];
      for (const [key, schema] of [['', value], ...inner]) {
        if (isSchema(schema)) found.set(`${file} ${name} ${key}`.trim(), schema);
      }
    }
  }
  return found;
}

const full = await schemas();
vi.resetModules();
vi.doMock('zod', () => import('./browser-zod'));
const small = await schemas();
vi.doUnmock('zod');

const outcome = (schema: ZodType | undefined, value: unknown) => {
  const parsed = schema?.safeParse(value);
  if (!parsed) return 'no such schema';
  if (parsed.success) return { data: parsed.data };
  return { issues: parsed.error.issues.map(({ path, message, code }) => ({ path, message, code })) };
};

/** A value as it is, with something missing, and with one of its values exchanged. */
function variantsOf(value: object): unknown[] {
  return Object.entries(value).flatMap(([name]) =>
    [undefined, null, -1.5, '', ' x ', [], {}, 'x'.repeat(300_000)].map((other) => ({ ...value, [name]: other })),
  );
}

describe('what pages parse with', () => {
  test('knows every schema of the protocol', () => {
    expect([...small.keys()]).toEqual([...full.keys()]);
    expect(full.size).toBeGreaterThan(150);
    expect([...full.values()].every((schema) => 'toJSONSchema' in schema)).toBe(true);
    expect([...small.values()].some((schema) => 'toJSONSchema' in schema)).toBe(false);
  });

  test('says of every entry, whole and damaged, what the server says, in the same words', () => {
    for (const [type, payload] of Object.entries(everyEntry)) {
      const name = [...full.keys()].find((key) => key.endsWith(` ${type}`));
      if (name === undefined) throw new Error(`no schema for ${type}`);
      for (const value of [payload, ...variantsOf(payload)]) {
        expect(outcome(small.get(name), value)).toEqual(outcome(full.get(name), value));
      }
    }
  });

  test('says of anything else what the server says, in the same words', () => {
    const words = fc.oneof(
      fc.string(),
      fc.constantFrom('0193a000-0000-7000-8000-000000000000', '2026-11-21T11:41:00.000Z', '12', 'RUNNING', 'agent:x'),
    );
    const values = fc.oneof(
      words,
      fc.double(),
      fc.integer(),
      fc.anything(),
      fc.array(words),
      fc.dictionary(words, words),
    );
    for (const [name, schema] of full) {
      fc.assert(
        fc.property(values, (value) => {
          expect(outcome(small.get(name), value)).toEqual(outcome(schema, value));
        }),
        { numRuns: 60 },
      );
    }
  });

  test('says of objects with some right and some wrong values what the server says', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant(undefined));
    for (const [name, schema] of full) {
      const shape = 'shape' in schema && typeof schema.shape === 'object' ? Object.keys(schema.shape ?? {}) : [];
      if (shape.length === 0) continue;
      fc.assert(
        fc.property(fc.record(Object.fromEntries(shape.map((key) => [key, value]))), (given) => {
          expect(outcome(small.get(name), given)).toEqual(outcome(schema, given));
        }),
        { numRuns: 40 },
      );
    }
  });
});
