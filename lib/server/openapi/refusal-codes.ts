import { type ErrorCode, errorStatus } from '@/lib/protocol/errors';
import { isRepeatable, type Operation, pathParameters } from './operation';

/** Every code with which an operation may refuse or fail, by status. */
export function refusalCodes(operation: Operation): Map<number, ErrorCode[]> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set(codesOf(operation))) {
    const status = errorStatus[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return new Map([...byStatus].sort(([one], [other]) => one - other));
}

function codesOf(operation: Operation): ErrorCode[] {
  const { method, path, access, body, query, refusals = [] } = operation;
  const writes = method !== 'GET';
  const takesInput = writes || body !== undefined || query !== undefined || pathParameters(path).length > 0;
  return [
    ...(takesInput ? (['request.invalid'] as const) : []),
    ...(access === 'open' ? [] : (['auth.required', 'auth.forbidden'] as const)),
    ...(writes ? (['request.foreign_origin', 'request.too_large', 'request.media_type'] as const) : []),
    ...(writes ? (['request.too_many'] as const) : []),
    ...(isRepeatable(operation) ? (['idempotency.mismatch'] as const) : []),
    'request.foreign_host',
    ...(pathParameters(path).length > 0 ? (['request.not_found'] as const) : []),
    ...refusals,
    'internal',
    'ledger.unavailable',
  ];
}
