import { z } from 'zod';
import type { JsonValue } from '@/lib/protocol/json';
import type { Caller } from '../access/caller';
import type { IdempotencyKey } from '../ledger/command';
import { abandonIdempotent, beginIdempotent, finishIdempotent } from '../ledger/idempotency';
import { toFailure } from './error-response';
import { parseInput } from './parse-input';
import { isReply, reply } from './reply';
import type { Arrival } from './request-context';

const IdempotencyHeader = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, '1–200 visible ASCII characters')
  .optional();

/** What is run under a key: who asks, the exact bytes of the body, and the status of success. */
export type RepeatableWrite = {
  caller: Caller;
  bytes: Uint8Array;
  status: number;
  run: (idempotency: IdempotencyKey | undefined) => Promise<unknown>;
};

/**
 * Runs a write once per `Idempotency-Key`, if the request has one: a repeat gets what the first got, refusals included.
 * A failure of ours frees the key, so that the repeat tries again.
 */
export async function runRepeatable({ rt, request, requestId }: Arrival, write: RepeatableWrite): Promise<unknown> {
  const given = request.headers.get('idempotency-key') ?? undefined;
  const key = parseInput(IdempotencyHeader, given, 'Idempotency-Key');
  if (key === undefined) return write.run(undefined);

  const { pool } = rt.database;
  const { workspaceId, actor } = write.caller;
  const { pathname, search } = new URL(request.url);
  const requestHash = rt.access.seal.mac(`${request.method}\n${pathname}${search}\n`, write.bytes);
  const actorId = `${actor.kind}:${actor.id}`;
  const begun = await beginIdempotent(pool, rt.instanceId, {
    workspaceId,
    actorId,
    key,
    requestHash,
    status: write.status,
  });
  if (begun.kind === 'repeat') return reply(begun.body, { status: begun.status });

  const finish = (status: number, body: unknown) =>
    finishIdempotent(pool, workspaceId, begun.idempotency, status, toJson(body));
  try {
    const answer = await write.run(begun.idempotency);
    if (answer instanceof Response) throw new Error('a write answers with a value, which a repeat can be given too');
    const { status, body } = isReply(answer) ? answer : reply(answer, {});
    await finish(status ?? write.status, body);
    return answer;
  } catch (error) {
    const failure = toFailure(error, requestId);
    if (failure.status < 500) await finish(failure.status, failure.body);
    else await abandonIdempotent(pool, workspaceId, begun.idempotency);
    throw error;
  }
}

/** As it will be read back: without what JSON leaves out. */
const toJson = (value: unknown): JsonValue => (value === undefined ? {} : JSON.parse(JSON.stringify(value)));
