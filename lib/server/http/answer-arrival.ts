import { randomUUID } from 'node:crypto';
import type { Answer, Endpoint } from './endpoint';
import { toFailure } from './error-response';
import type { Arrival } from './request-context';

/** Answers whatever happens: what the endpoint throws is converted, and every answer carries the id of its request. */
export async function answerArrival(endpoint: Endpoint, arrival: Omit<Arrival, 'requestId'>): Promise<Answer> {
  const { rt } = arrival;
  const requestId = randomUUID();
  try {
    const answer = await endpoint({ ...arrival, requestId });
    if (!(answer instanceof Response)) return { ...answer, headers: [...answer.headers, ['X-Request-Id', requestId]] };
    answer.headers.set('X-Request-Id', requestId);
    return answer;
  } catch (error) {
    const { status, headers, body, isFault } = toFailure(error, requestId);
    if (isFault) rt.log.error({ err: error, requestId }, 'a request failed by a fault of ours');
    else if (status >= 500) rt.log.warn({ err: error, requestId }, 'a request failed');
    // It may have failed where the ledger had no part in it: then nobody would be told that nothing can be recorded.
    if (body.error.code === 'ledger.unavailable') void rt.ledger.check();
    const all = { ...headers, 'Cache-Control': 'no-store', 'X-Request-Id': requestId };
    return { status, headers: Object.entries(all), body };
  }
}
