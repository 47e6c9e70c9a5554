import { AppError } from '@/lib/protocol/errors';
import { runtime } from '../runtime';
import { answerArrival } from './answer-arrival';
import type { Answer, Endpoint } from './endpoint';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
type Method = (typeof METHODS)[number];
type Params = Record<string, string | string[] | undefined>;

/** What Next calls. */
export type RouteHandler = (request: Request, context: { params: Promise<Params | undefined> }) => Promise<Response>;

/**
 * The handlers of one address, for a `route.ts` to export: `export const { GET, POST, PUT, PATCH, DELETE } = route({…})`.
 * A method without an endpoint is answered 405 with `Allow`. HEAD and OPTIONS follow from the others.
 */
export function route(endpoints: Partial<Record<Method, Endpoint>>): Record<Method | 'HEAD' | 'OPTIONS', RouteHandler> {
  const present = METHODS.filter((method) => endpoints[method]);
  const allow = [...present.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])), 'OPTIONS'];
  const handle = (method: Method) => toHandler(endpoints[method] ?? refuseMethod(allow));
  const get = handle('GET');
  return {
    GET: get,
    HEAD: async (request, context) => withoutBody(await get(request, context)),
    POST: handle('POST'),
    PUT: handle('PUT'),
    PATCH: handle('PATCH'),
    DELETE: handle('DELETE'),
    OPTIONS: async () => new Response(null, { status: 204, headers: { Allow: allow.join(', ') } }),
  };
}

/** The same for addresses at which there is nothing: every method is answered 404. */
export function routeToNothing(): ReturnType<typeof route> {
  const nothing: Endpoint = async ({ request }) => {
    throw new AppError('request.not_found', `There is nothing at ${new URL(request.url).pathname}.`);
  };
  const { GET, HEAD, POST, PUT, PATCH, DELETE } = route({
    GET: nothing,
    POST: nothing,
    PUT: nothing,
    PATCH: nothing,
    DELETE: nothing,
  });
  return { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS: GET };
}

const refuseMethod =
  (allow: string[]): Endpoint =>
  async ({ request }) => {
    throw new AppError('request.method', `${request.method} is not answered here.`, { allow });
  };

const toHandler =
  (endpoint: Endpoint): RouteHandler =>
  async (request, context) =>
    toResponse(await answerArrival(endpoint, { rt: runtime(), request, params: await readParams(context.params) }));

async function readParams(params: Promise<Params | undefined>) {
  const entries = Object.entries((await params) ?? {}); // Next gives none where the address has none
  return Object.fromEntries(entries.map(([name, value]) => [name, [value ?? ''].flat().join('/')]));
}

/** A body that goes on for ever would be made for nobody. */
async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel();
  return new Response(null, { status: response.status, headers: response.headers });
}

function toResponse(answer: Answer): Response {
  if (answer instanceof Response) return answer;
  const response = Response.json(answer.body, { status: answer.status });
  for (const [name, value] of answer.headers) response.headers.append(name, value);
  return response;
}
