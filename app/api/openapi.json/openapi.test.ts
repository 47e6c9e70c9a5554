import { expect, test } from 'vitest';
import { entryTypes } from '@/lib/protocol/entry';
import type { JsonValue } from '@/lib/protocol/json';
import { parameterSchemas } from '@/lib/server/openapi/api-schemas';
import { describeApi } from '@/lib/server/openapi/describe-api';
import { pathParameters } from '@/lib/server/openapi/operation';
import { operations } from '@/lib/server/openapi/operations';
import { apiRoutes, methodsOf } from '@/lib/testing/api-routes';

const document: JsonValue = JSON.parse(JSON.stringify(describeApi('https://parley.example.org')));

/** What a JSON pointer such as `/components/schemas/Agent` leads to; undefined where it leads nowhere. */
function at(pointer: string): JsonValue | undefined {
  let value: JsonValue | undefined = document;
  for (const step of pointer.split('/').slice(1)) {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    value = typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : undefined;
  }
  return value;
}

function refsIn(value: JsonValue): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (value === null || typeof value !== 'object') return [];
  const { $ref, ...rest } = value;
  return [...(typeof $ref === 'string' ? [$ref] : []), ...Object.values(rest).flatMap(refsIn)];
}

test('[OA1] every method of every address is described, and nothing that is not there', async () => {
  const found: string[] = [];
  for (const [address, module] of Object.entries(await apiRoutes())) {
    if (address === '/api/[...path]') continue; // whatever is not there
    for (const method of await methodsOf(module)) found.push(`${method} ${address}`);
  }
  expect(operations.map(({ name }) => name).sort()).toEqual(found.sort());
});

test('[OA2] every reference leads to something, and every parameter of a path has its schema', () => {
  const refs = refsIn(document);
  expect(refs.length).toBeGreaterThan(100);
  expect(refs.filter((ref) => !ref.startsWith('#/') || at(ref.slice(1)) === undefined)).toEqual([]);
  const names = operations.flatMap(({ path }) => pathParameters(path));
  expect(names.filter((name) => !parameterSchemas[name])).toEqual([]);
});

test('[OA3] it is OpenAPI 3.1, says who may ask what and how often, and shows every type of entry', () => {
  expect(at('/openapi')).toBe('3.1.0');
  const open = at('/paths/~1api~1conversations/post');
  expect(open).toMatchObject({
    'x-parley-role': 'operator',
    security: [{ key: [] }, { session: [] }],
    parameters: [{ $ref: '#/components/parameters/IdempotencyKey' }],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/OpenConversation' } } },
    },
    responses: {
      201: { description: 'Conversation' },
      400: {},
      401: {},
      403: {},
      409: {},
      413: {},
      415: {},
      421: {},
      429: {},
    },
  });
  expect(at('/paths/~1api~1health/get')).toMatchObject({
    security: [],
    responses: { 200: {}, 503: { description: 'Health' } },
  });
  expect(at('/paths/~1api~1audit~1proof/get/parameters')).toMatchObject([
    { name: 'seq', in: 'query', required: false, schema: { type: 'integer', exclusiveMinimum: 0 } },
    { name: 'from', required: false },
    { name: 'to', required: false },
  ]);
  expect(entryTypes.filter((type) => at(`/components/schemas/Payload.${type}`) === undefined)).toEqual([]);
  expect(at('/components/schemas/Agent')).toMatchObject({
    type: 'object',
    properties: { sandbox: { type: 'boolean' } },
  });
});
