/** A table as both sides describe it: every line is one fact, such as `column name text not null`. */
export type TableFacts = Map<string, Set<string>>;

const NATIVE: Record<string, string> = { Uuid: 'uuid', SmallInt: 'smallint' };
const SCALAR: Record<string, string> = {
  ...{ String: 'text', Int: 'integer', BigInt: 'bigint', Boolean: 'boolean', Json: 'jsonb', Bytes: 'bytea' },
};
const ACTION: Record<string, string> = { Cascade: 'CASCADE', Restrict: 'RESTRICT', SetNull: 'SET NULL' };

type Field = { name: string; column: string; type: string; isList: boolean; isOptional: boolean; attributes: string };
type Model = { table: string; fields: Field[]; blocks: string[] };

/**
 * Reads the part of Prisma's schema language that ours is written in, and says what `prisma migrate` would make of it,
 * with its names for keys and indexes. Throws for what it does not know: a construct new to the schema is added here.
 */
export function readPrismaSchema(text: string): TableFacts {
  const models = new Map<string, Model>();
  for (const [, name = '', body = ''] of text.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm))
    models.set(name, toModel(body));
  return new Map([...models.values()].map((model) => [model.table, new Set(factsOf(model, models))]));
}

function toModel(body: string): Model {
  const lines = body.split('\n').map((line) => line.replace(/\/\/.*$/, '').trim());
  const blocks = lines.filter((line) => line.startsWith('@@'));
  const [, table] = /@@map\("(\w+)"\)/.exec(blocks.join('\n')) ?? [];
  if (!table) throw new Error(`a model without @@map: ${lines[0]}`);
  return { table, blocks, fields: lines.filter((line) => line !== '' && !line.startsWith('@@')).map(toField) };
}

function toField(line: string): Field {
  const [, name = '', type = '', suffix = '', attributes = ''] = /^(\w+)\s+(\w+)(\[\]|\?)?\s*(.*)$/.exec(line) ?? [];
  if (!name) throw new Error(`not a field: ${line}`);
  const [, column = name] = /@map\("(\w+)"\)/.exec(attributes) ?? [];
  return { name, column, type, isList: suffix === '[]', isOptional: suffix === '?', attributes };
}

function factsOf(model: Model, models: Map<string, Model>): string[] {
  const { table, fields, blocks } = model;
  const columnOf = (name: string) => fields.find((field) => field.name === name)?.column ?? name;
  const list = (columns: string) => columns.split(',').map((each) => columnOf(each.trim().replace(/\(.*$/, '')));
  const sorted = (columns: string) =>
    columns
      .split(',')
      .map((each) => columnOf(each.trim().replace(/\(.*$/, '')) + (/sort: Desc/.test(each) ? ' DESC' : ''));
  const keys = [
    ...fields.filter((field) => /@id\b/.test(field.attributes)).map((field) => `primary key (${field.column})`),
    ...fields
      .filter((field) => /@unique\b/.test(field.attributes))
      .map((field) => `unique index ${table}_${field.column}_key (${field.column})`),
  ];
  for (const block of blocks) {
    const [, kind, columns = ''] = /^@@(id|unique|index)\(\[(.*)\]\)$/.exec(block) ?? [];
    const name = `${table}_${list(columns).join('_')}`;
    if (kind === 'id') keys.push(`primary key (${list(columns).join(', ')})`);
    else if (kind === 'unique') keys.push(`unique index ${name}_key (${sorted(columns).join(', ')})`);
    else if (kind === 'index') keys.push(`index ${name}_idx (${sorted(columns).join(', ')})`);
    else if (!block.startsWith('@@map')) throw new Error(`not known here: ${block}`);
  }
  return [...fields.flatMap((field) => columnFacts(model, field, models)), ...keys];
}

function columnFacts(model: Model, field: Field, models: Map<string, Model>): string[] {
  const other = models.get(field.type);
  if (other) return field.isList ? [] : [foreignKey(model, field, other)];
  const [, native] = /@db\.(\w+(?:\(\d+\))?)/.exec(field.attributes) ?? [];
  if (/@default/.test(field.attributes)) throw new Error(`not known here: @default of ${model.table}.${field.name}`);
  const timestamp = /^Timestamptz\((\d)\)$/.exec(native ?? '');
  const type = timestamp ? `timestamp(${timestamp[1]}) with time zone` : (NATIVE[native ?? ''] ?? SCALAR[field.type]);
  if (!type) throw new Error(`the type of ${model.table}.${field.name} is not known here`);
  // Prisma makes lists without NOT NULL, and never reads a null from one.
  const nullable = field.isOptional || field.isList ? 'null' : 'not null';
  return [`column ${field.column} ${type}${field.isList ? '[]' : ''} ${nullable}`];
}

function foreignKey({ table, fields }: Model, field: Field, other: Model): string {
  const [, from = '', to = '', action = ''] =
    /@relation\(fields: \[(\w+)\], references: \[(\w+)\], onDelete: (\w+)\)/.exec(field.attributes) ?? [];
  const column = fields.find((each) => each.name === from)?.column;
  const target = other.fields.find((each) => each.name === to)?.column;
  if (!column || !target || !ACTION[action]) throw new Error(`not known here: ${table}.${field.name}`);
  const words = `ON UPDATE CASCADE ON DELETE ${ACTION[action]}`;
  return `foreign key ${table}_${column}_fkey (${column}) REFERENCES ${other.table}(${target}) ${words}`;
}
