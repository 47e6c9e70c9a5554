import { z } from 'zod';
import { entryPayloads } from '@/lib/protocol/entry';
import type { JsonObject } from '@/lib/protocol/json';
import { version } from '../version';
import { apiSchemas, parameterSchemas, type SchemaName } from './api-schemas';
import { isRepeatable, type Operation, pathParameters } from './operation';
import { operations } from './operations';
import { refusalCodes } from './refusal-codes';

const CONVENTIONS = `
One object is answered bare; a list is \`{items, next}\`, and \`next\` goes into \`after\` of the following request.
Every failure, at every address under /api, is \`{error: {code, message, requestId, fields?}}\`; \`fields\` names by path what
in the request was wrong. An absent body is \`{}\`; a body has at most 1 MiB, a message at most 256 KiB, JSON at most 64
levels. Each role contains the one before it: viewer, reviewer, operator, admin. What happens, and is told on sockets, is an
entry; the schemas whose names begin with \`Payload.\` are the payloads of the types of entries.`.trim();

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

/** The OpenAPI 3.1 document of everything under /api. `url` is where this installation answers. */
export const describeApi = (url: string): JsonObject => ({
  openapi: '3.1.0',
  info: {
    ...{ title: 'Parley', version, description: CONVENTIONS },
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url }],
  paths: describePaths(),
  components: {
    schemas: describeSchemas(),
    parameters: { IdempotencyKey: idempotencyKey },
    securitySchemes: {
      key: { type: 'http', scheme: 'bearer', description: 'A key: `parley_<id>_<secret>`.' },
      session: {
        ...{ type: 'apiKey', in: 'cookie', name: 'parley.session_token' },
        description: 'The cookie of a browser that is signed in; on https its name begins with `__Host-`.',
      },
    },
  },
});

const idempotencyKey: JsonObject = {
  ...{ name: 'Idempotency-Key', in: 'header', required: false },
  description: 'A repeat within 24 h gets the first answer again; another request under the key is 409.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$' },
};

function describePaths(): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const operation of operations) {
    const path = operation.path.replaceAll(/\[(\w+)\]/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describeOperation(operation) };
  }
  return paths;
}

function describeOperation(operation: Operation): JsonObject {
  const { access, summary, detail, body, path } = operation;
  const [, , noun = ''] = path.split('/');
  const needs = operation.sessionOnly ? 'a browser that is signed in' : `the role ${access}`;
  return {
    summary,
    ...(access !== 'open' && {
      description: [`Needs ${needs}.`, detail].filter(Boolean).join(' '),
      'x-parley-role': access,
    }),
    tags: [noun],
    security: access === 'open' ? [] : [...(operation.sessionOnly ? [] : [{ key: [] }]), { session: [] }],
    parameters: [
      ...pathParameters(path).map(describePathParameter),
      ...describeHeaders(operation),
      ...describeQuery(operation),
    ],
    ...(body && { requestBody: { required: isNeeded(body), content: { 'application/json': { schema: ref(body) } } } }),
    responses: { ...describeAnswers(operation), ...describeRefusals(operation) },
  };
}

/** Whether a request without the body, which counts as `{}`, is refused. */
const isNeeded = (body: SchemaName): boolean => !apiSchemas[body].safeParse({}).success;

const describeHeaders = (operation: Operation): JsonObject[] =>
  isRepeatable(operation) ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : [];

function describePathParameter(name: string): JsonObject {
  const schema = parameterSchemas[name];
  if (!schema) throw new Error(`the path parameter ${name} has no schema`);
  return { name, in: 'path', required: true, schema: toJsonSchema(schema) };
}

const ObjectSchema = z.object({
  properties: z.record(z.string(), z.custom<JsonObject>()),
  required: z.array(z.string()).default([]),
});
const QuerySchema = z.union([
  z.object({ anyOf: z.array(ObjectSchema) }),
  ObjectSchema.transform((only) => ({ anyOf: [only] })),
]);

/** A parameter is required where every form of the query needs it. */
function describeQuery({ query }: Operation): JsonObject[] {
  if (!query) return [];
  const forms = QuerySchema.parse(toJsonSchema(apiSchemas[query])).anyOf;
  const schemas = new Map(forms.flatMap((form) => Object.entries(form.properties)));
  return [...schemas].map(([name, schema]) => ({
    ...{ name, in: 'query', schema },
    required: forms.every((form) => form.required.includes(name)),
  }));
}

function describeAnswers({ answers, orJson }: Operation): JsonObject {
  const described = Object.entries(answers).map(([status, answer]): [string, JsonObject] => {
    const isText = answer.includes('/');
    const content = isText
      ? { [answer]: { schema: { type: 'string' } }, ...(orJson && { 'application/json': { schema: ref(orJson) } }) }
      : { 'application/json': { schema: ref(answer) } };
    return [status, { description: isText ? 'Text' : answer, content }];
  });
  return Object.fromEntries(described);
}

/** Where an answer has the status of a refusal too, as in /api/health, the answer stands. */
function describeRefusals(operation: Operation): JsonObject {
  const content = { 'application/json': { schema: ref('ErrorBody') } };
  const described = [...refusalCodes(operation)].map(([status, codes]): [string, JsonObject] => [
    String(status),
    { description: codes.map((code) => `\`${code}\``).join(', '), content },
  ]);
  return Object.fromEntries(described.filter(([status]) => !(status in operation.answers)));
}

function describeSchemas(): JsonObject {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(apiSchemas)) registry.add(schema, { id });
  const aliases: [string, JsonObject][] = [];
  for (const [type, schema] of Object.entries(entryPayloads)) {
    const known = registry.get(schema)?.id;
    if (known === undefined) registry.add(schema, { id: `Payload.${type}` });
    else aliases.push([`Payload.${type}`, ref(known)]);
  }
  const { schemas } = z.toJSONSchema(registry, { ...SHAPE, uri: (id) => `#/components/schemas/${id}` });
  const described = Object.entries(schemas).map(([id, schema]): [string, JsonObject] => [id, withoutNames(schema)]);
  return Object.fromEntries([...described, ...aliases]);
}

/** Schemas as one sends them. Answers are described so too: they may gain members, and readers must not mind. */
const SHAPE = { target: 'draft-2020-12', io: 'input' } as const;

const toJsonSchema = (schema: z.ZodType): JsonObject => withoutNames(z.toJSONSchema(schema, SHAPE));

/** A schema within the document has its dialect and its name from there. */
function withoutNames(schema: object): JsonObject {
  const { $schema, $id, ...rest } = JSON.parse(JSON.stringify(schema));
  return rest;
}
