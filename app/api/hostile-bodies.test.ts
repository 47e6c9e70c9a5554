import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { ErrorBody } from '@/lib/protocol/errors';
import type { JsonValue } from '@/lib/protocol/json';
import { apiSchemas, type SchemaName } from '@/lib/server/openapi/api-schemas';
import type { Operation } from '@/lib/server/openapi/operation';
import { operations } from '@/lib/server/openapi/operations';
import { refusalCodes } from '@/lib/server/openapi/refusal-codes';
import { arbitraryOf, mutated } from '@/lib/testing/json-schema-arbitrary';
import { rounds } from '@/lib/testing/rounds';
import { fillPath, type ServedApi, serveApi } from '@/lib/testing/served-api';
import type { Answer, Visitor } from '@/lib/testing/visitor';

const RUNS = rounds(40);

let api: ServedApi;
let values: Record<string, string>;

beforeAll(async () => {
  api = await serveApi();
  const [alice, bob] = [await makeAgent('Alice'), await makeAgent('Bob')];
  const opened = await api.by.admin.ask('POST', '/api/conversations', {
    seats: [{ agentId: alice }, { agentId: bob }],
  });
  await api.by.admin.ask('POST', '/api/letta-servers', { name: 'away', dialect: 'rest', url: NOBODY });
  values = { agentId: alice, conversationId: String(opened.body['id']), server: 'away' };
});
afterAll(() => api.close());

/** Nothing answers there, at once. */
const NOBODY = 'http://127.0.0.1:9';

const makeAgent = async (name: string) =>
  String((await api.by.admin.ask('POST', '/api/agents', { name, server: 'sandbox' })).body['id']);

/** Members whose values lead somewhere, so that a body that parses is also carried out. */
const overrides = {
  url: fc.constantFrom<JsonValue>(
    NOBODY,
    `${NOBODY}/v1`,
    'http://user:secret@127.0.0.1:9',
    'http://[::1]:9',
    'ws://127.0.0.1:9',
  ),
  server: fc.constantFrom<JsonValue>('sandbox', 'away', 'nowhere'),
  agentId: fc
    .constantFrom('Alice', 'agent-00000000-0000-4000-8000-000000000000', '../x')
    .map((name): JsonValue => values[name] ?? name),
  to: fc.constantFrom<JsonValue>('a', 'b', 'z'),
  seat: fc.constantFrom<JsonValue>('a', 'b', 'z'),
  sandbox: fc.constant<JsonValue>(true), // the other tests of this file need it
  state: fc.constantFrom<JsonValue>('running', 'paused'),
};

const expected = (operation: Operation): number[] => [
  ...Object.keys(operation.answers).map(Number),
  ...refusalCodes(operation).keys(),
];

function expectHonest(operation: Operation, answer: Answer, sent: JsonValue): void {
  const told = () => `${operation.name} ${JSON.stringify(sent)} → ${answer.status} ${JSON.stringify(answer.body)}`;
  expect(
    expected(operation).filter((status) => status !== 500),
    told(),
  ).toContain(answer.status);
  if (answer.status >= 400 && answer.status !== 503)
    expect(ErrorBody.safeParse(answer.body).success, told()).toBe(true);
}

const isNotEmpty = (fields: object) => Object.keys(fields).length > 0;

/** As it arrives: without what JSON leaves out, and with lone surrogates mended. */
const asReceived = (body: JsonValue): unknown =>
  JSON.parse(JSON.stringify(body, (_, value) => (typeof value === 'string' ? value.toWellFormed() : value)));

const withBody = operations.filter(({ method, body }) => method !== 'GET' && body !== undefined);

test.each(withBody.map((operation): [string, Operation] => [operation.name, operation]))(
  '[AP3] whatever is sent to %s is answered as described, and what does not parse with the fields at fault',
  async (_name, operation) => {
    const { path, method, body: schemaName, sessionOnly } = operation;
    const schema = apiSchemas[schemaName as SchemaName];
    const valid = arbitraryOf(
      z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }),
      overrides,
    );
    const bodies = fc.oneof({ weight: 1, arbitrary: valid }, { weight: 4, arbitrary: valid.chain(mutated) });
    const visitor: Visitor = sessionOnly ? api.ada : api.by.admin;
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        api.liftLimits(); // they are settings, too, and one of these bodies may have set them
        const answer = await visitor.ask(method, fillPath(path, values), body);
        expectHonest(operation, answer, body);
        const parsed = schema.safeParse(asReceived(body));
        if (parsed.success) return;
        expect([400, 413], `${JSON.stringify(body)} → ${JSON.stringify(answer.body)}`).toContain(answer.status);
        // Not by way of zod, which leaves a member called `__proto__` out.
        expect(answer.body['error']).toHaveProperty('fields', expect.toSatisfy(isNotEmpty));
      }),
      { numRuns: RUNS },
    );
  },
  rounds(60_000),
);

/** Those that answer in JSON: the name of a schema has no slash. */
const queried = operations.filter(({ query, answers }) => query !== undefined && !answers[200]?.includes('/'));

test.each(queried.map((operation): [string, Operation] => [operation.name, operation]))(
  '[AP3] whatever is asked of %s is answered as described',
  async (_name, operation) => {
    const names = ['after', 'before', 'limit', 'stream', 'type', 'actor', 'q', 'from', 'to', 'seq', 'state'];
    const text = fc.oneof(
      fc.constantFrom('0', '1', '-1', '1.5', '9007199254740991', '9007199254740992', '1e400', '%', '*', '\\', 'system'),
      fc.constantFrom('0000-01-01T00:00:00Z', '9999-12-31T23:59:59-23:59', '0001-01-01T00:00:00+23:59', 'WyIiLCIiXQ'),
      fc.string({ unit: 'binary', maxLength: 60 }),
    );
    const query = fc.array(fc.tuple(fc.constantFrom(...names), text), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(query, async (pairs) => {
        const search = new URLSearchParams(pairs.map(([name, value]) => [name, value.toWellFormed()]));
        const answer = await api.by.viewer.ask('GET', `${fillPath(operation.path, values)}?${search}`);
        expectHonest(operation, answer, pairs);
      }),
      { numRuns: RUNS },
    );
  },
  rounds(60_000),
);

test('[HT13] where lone surrogates were replaced, what was recorded of it says so, and nothing else does', async () => {
  const recorded = async (query: string) => {
    const { items } = (await api.by.admin.ask('GET', `/api/audit/entries?${query}`)).body;
    return z
      .object({ payload: z.looseObject({ mended: z.literal(true).optional() }) })
      .parse(z.array(z.unknown()).parse(items).at(-1)).payload;
  };
  const first = async (context: string) => {
    const { body } = await api.by.admin.ask('POST', '/api/tasks', { command: '/x', context });
    return recorded(`stream=task:${body['id']}&limit=1`);
  };
  expect(await first('a \ud800 b')).toMatchObject({ context: 'a \ufffd b', mended: true });
  expect(await first('a \ud83d\ude00 b')).not.toHaveProperty('mended');
  await api.by.admin.ask('POST', '/api/agents', { name: 'Half \ud800', server: 'sandbox' });
  expect(await recorded('type=agent.create_requested')).toMatchObject({ name: 'Half \ufffd', mended: true });
});
