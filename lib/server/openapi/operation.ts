import type { ErrorCode } from '@/lib/protocol/errors';
import type { Role } from '@/lib/protocol/role';
import type { SchemaName } from './api-schemas';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Answers that are no JSON. */
type TextMedia = 'text/plain' | 'text/markdown' | 'application/x-ndjson' | 'text/event-stream';

/**
 * What one method of one address takes and gives. `access`: who gets in, at least; `open` is everyone. `answers` go by
 * status. `refusals` are the codes of its own; those that follow from access, body and query are added to them.
 */
type OperationFacts = {
  access: Role | 'open';
  summary: string;
  /** What the summary has no room for. */
  detail?: string;
  query?: SchemaName;
  body?: SchemaName;
  answers: Readonly<Partial<Record<200 | 201 | 202 | 503, SchemaName | TextMedia>>>;
  /** The same as JSON, where the query asks for it. */
  orJson?: SchemaName;
  refusals?: readonly ErrorCode[];
  /** A bearer key is refused, whatever its role: it takes a browser that is signed in. */
  sessionOnly?: true;
  /** An agent's key comes in too, for what it is bound to. */
  agents?: true;
  /** Members of the body that are not known are kept, not refused. */
  keepsMembers?: true;
};

/** By method and the folder under app/, where `[conversationId]` is a parameter. */
export type OperationTable = Readonly<Record<`${Method} /${'api' | 'messages' | 'metrics'}${string}`, OperationFacts>>;

export type Operation = OperationFacts & { name: string; method: string; path: string };

export const toOperations = (table: OperationTable): Operation[] =>
  Object.entries(table).map(([name, facts]) => {
    const [method = '', path = ''] = name.split(' ');
    return { ...facts, name, method, path };
  });

/** Names of the parameters in a path, in their order. */
export const pathParameters = (path: string): string[] => [...path.matchAll(/\[(\w+)\]/g)].map(([, name = '']) => name);

/** Whether it takes an `Idempotency-Key`. Signing in has no actor yet whose key it could be. */
export const isRepeatable = ({ method, access }: Operation): boolean => method !== 'GET' && access !== 'open';
