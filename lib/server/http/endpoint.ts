import { z } from 'zod';
import type { Role } from '@/lib/protocol/role';
import type { Caller } from '../access/caller';
import { requireRole } from '../access/require-role';
import { mendedLedger } from '../ledger/mended-ledger';
import type { Runtime } from '../runtime';
import { runRepeatable } from './repeatable';
import { isReply, reply } from './reply';
import { type RequestBody, receiveBody, type UnreadableBody } from './request-body';
import { type Arrival, addressOf, type Context, type OpenContext, openContext } from './request-context';

/** What goes out: `body` as JSON, or, from a read, a Response as it is. */
export type Answer = Response | { status: number; headers: readonly [string, string][]; body: unknown };

/** Answers one method of one address. Throws what toFailure turns into an answer. */
export type Endpoint = (arrival: Arrival) => Promise<Answer>;

/** A value becomes JSON; `reply` gives it another status or headers; a Response, from a read, goes out as it is. */
type Handler<C> = (context: C) => Promise<unknown>;

/** `agents`: an agent's key may come in too, whatever the role; the handler holds it to `caller.agentScope`. */
export type ReadOptions = { role: Role; agents?: boolean };

/**
 * `status` of success (200). `sealed` names a member of the answer that is a secret shown once: the handler gives it
 * sealed (`rt.access.seal`), it is kept so with the request's key, and opened on its way out.
 */
export type WriteOptions = ReadOptions & {
  status?: number;
  sealed?: string;
  /** Hears of a body that cannot be read (no JSON, too large …) before that is refused as `unreadable.error`. */
  onUnreadable?: (context: Context, unreadable: UnreadableBody) => Promise<unknown>;
};

/** A read for whoever has the role. */
export const read = (needs: Role | ReadOptions, handler: Handler<Context>): Endpoint => {
  const options = typeof needs === 'string' ? { role: needs } : needs;
  return async (arrival) => {
    const caller = await requireCaller(arrival, options);
    return toAnswer(await handler({ ...openContext(arrival, {}), caller, idempotency: undefined }), 200);
  };
};

/** A write for whoever has the role: limited in rate, and repeatable under an `Idempotency-Key`. */
export const write = (options: WriteOptions, handler: Handler<Context>): Endpoint => {
  const { status = 200, sealed } = options;
  return async (arrival) => {
    const caller = await requireCaller(arrival, options);
    await arrival.rt.access.limits.countWrite(caller.credential.id);
    const received = await receiveBody(arrival.request);
    if ('error' in received) {
      const context = { ...openContext(arrival, {}), caller, idempotency: undefined };
      await options.onUnreadable?.(context, received);
    }
    const { bytes, value, mended } = toBody(arrival, received);
    const rt = mended > 0 ? { ...arrival.rt, ledger: mendedLedger(arrival.rt.ledger) } : arrival.rt;
    const answer = await runRepeatable(arrival, {
      caller,
      bytes,
      status,
      run: (idempotency) => handler({ ...openContext({ ...arrival, rt }, value), caller, idempotency }),
    });
    return toAnswer(sealed === undefined ? answer : opened(arrival.rt, answer, sealed), status);
  };
};

/** A read for everyone. */
export const openRead =
  (handler: Handler<OpenContext>): Endpoint =>
  async (arrival) =>
    toAnswer(await handler(openContext(arrival, {})), 200);

/** A write for everyone, counted as a try to sign in. It takes no `Idempotency-Key`, having no actor yet. */
export const openWrite =
  (handler: Handler<OpenContext>): Endpoint =>
  async (arrival) => {
    await arrival.rt.access.limits.countSignIn(addressOf(arrival.request));
    const { value } = toBody(arrival, await receiveBody(arrival.request));
    return toAnswer(await handler(openContext(arrival, value)), 200);
  };

const requireCaller = async ({ rt, request }: Arrival, options: ReadOptions): Promise<Caller> =>
  requireRole(await rt.access.callerOfRequest(request.headers), options);

function toBody({ rt, requestId }: Arrival, body: RequestBody | UnreadableBody): RequestBody {
  if ('error' in body) throw body.error;
  if (body.mended > 0) rt.log.info({ requestId, texts: body.mended }, 'lone surrogates in a body were mended');
  return body;
}

const SealedAnswer = z.record(z.string(), z.unknown());

/** A refusal, given again to a repeat, has no such member and stays as it is. */
function opened(rt: Runtime, answer: unknown, member: string): unknown {
  const { body, status, headers } = isReply(answer) ? answer : reply(answer, {});
  const sealed = SealedAnswer.parse(body);
  if (!(member in sealed)) return answer;
  const secret = rt.access.seal.open(z.string().parse(sealed[member]));
  return reply({ ...sealed, [member]: secret }, { ...(status && { status }), headers });
}

function toAnswer(answer: unknown, status: number): Answer {
  if (answer instanceof Response) {
    if (!answer.headers.has('Cache-Control')) answer.headers.set('Cache-Control', 'no-store');
    return answer;
  }
  const { body = {}, status: own, headers } = isReply(answer) ? answer : reply(answer, {});
  return { status: own ?? status, headers: [['Cache-Control', 'no-store'], ...headers], body };
}
