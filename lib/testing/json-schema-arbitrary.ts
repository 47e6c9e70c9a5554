import fc from 'fast-check';
import type { JsonValue } from '@/lib/protocol/json';

type Schema = { [key: string]: unknown };
type Overrides = Readonly<Record<string, fc.Arbitrary<JsonValue>>>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const schemasIn = (value: unknown): Schema[] => (Array.isArray(value) ? value.filter(isSchema) : []);
const numberIn = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);

/**
 * Values that a JSON schema of ours allows. It has no `$ref`. `overrides` take the place of members by their name,
 * wherever they stand.
 */
export function arbitraryOf(schema: Schema, overrides: Overrides = {}): fc.Arbitrary<JsonValue> {
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as JsonValue[]));
  if ('const' in schema) return fc.constant(schema['const'] as JsonValue);
  const either = schemasIn(schema['anyOf'] ?? schema['oneOf']);
  if (either.length > 0) return fc.oneof(...either.map((each) => arbitraryOf(each, overrides)));
  const types = [schema['type']].flat();
  return fc.oneof(...types.map((type) => arbitraryOfType(String(type), schema, overrides)));
}

function arbitraryOfType(type: string, schema: Schema, overrides: Overrides): fc.Arbitrary<JsonValue> {
  if (type === 'string') return strings(schema);
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  if (type === 'integer' || type === 'number') {
    const min = Math.ceil(numberIn(schema['minimum'], numberIn(schema['exclusiveMinimum'], -1) + 1));
    return fc.integer({ min, max: Math.min(numberIn(schema['maximum'], 100_000), 2 ** 31 - 1) });
  }
  if (type === 'array') {
    const items = isSchema(schema['items']) ? arbitraryOf(schema['items'], overrides) : anything;
    const min = numberIn(schema['minItems'], 0);
    return fc.array(items, { minLength: min, maxLength: Math.max(min, Math.min(numberIn(schema['maxItems'], 3), 3)) });
  }
  return objects(schema, overrides);
}

const anything: fc.Arbitrary<JsonValue> = fc.jsonValue().map((value): JsonValue => JSON.parse(JSON.stringify(value)));

function strings(schema: Schema): fc.Arbitrary<JsonValue> {
  if (schema['format'] === 'uuid') return fc.uuid({ version: 4 });
  if (schema['format'] === 'date-time')
    return fc.date({ noInvalidDate: true, min: new Date(0) }).map((at) => at.toISOString());
  if (typeof schema['pattern'] === 'string') return fc.stringMatching(new RegExp(schema['pattern']));
  const minLength = numberIn(schema['minLength'], 0);
  return fc.string({
    unit: 'binary',
    minLength,
    maxLength: Math.max(minLength, Math.min(numberIn(schema['maxLength'], 40), 40)),
  });
}

function objects(schema: Schema, overrides: Overrides): fc.Arbitrary<JsonValue> {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  const members = Object.entries(properties).map(([name, member]): [string, fc.Arbitrary<JsonValue>] => [
    name,
    overrides[name] ?? (isSchema(member) ? arbitraryOf(member, overrides) : anything),
  ]);
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  return fc.record(Object.fromEntries(members), { requiredKeys: required, noNullPrototype: true });
}

/** What nobody should send. */
const hostile: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(
    ...[null, true, 0, -1, 1.5, 2 ** 31, 2 ** 53, 1e308, '', ' ', '\0', 'a\0b', '\ud800', '\u202e', '‮', 'null'],
    ...['../../etc/passwd', "'; DROP TABLE entry; --", '{"script":[]}', 'x'.repeat(5_000), '0000-01-01T00:00:00Z'],
    ...[
      '9999-12-31T23:59:59-23:59',
      [],
      [null],
      {},
      { __proto__x: 1 },
      { constructor: { prototype: {} } },
      { length: -1 },
    ],
  ),
  anything,
);

/** A value with one thing in it put wrong: replaced, taken away, or one put beside. */
export function mutated(value: JsonValue): fc.Arbitrary<JsonValue> {
  if (Array.isArray(value)) {
    const replaced = value.map((item, at) => mutated(item).map((next) => value.with(at, next)));
    return fc.oneof(
      hostile,
      hostile.map((extra): JsonValue => [...value, extra]),
      ...replaced,
    );
  }
  if (value === null || typeof value !== 'object') return hostile;
  const names = Object.keys(value);
  const replaced = names.map((name) =>
    mutated(value[name] ?? null).map((next): JsonValue => ({ ...value, [name]: next })),
  );
  const less = names.map((name) =>
    fc.constant<JsonValue>(Object.fromEntries(Object.entries(value).filter(([key]) => key !== name))),
  );
  const more = fc.tuple(fc.string(), hostile).map(([name, extra]): JsonValue => ({ ...value, [name]: extra }));
  return fc.oneof(hostile, more, ...replaced, ...less);
}
