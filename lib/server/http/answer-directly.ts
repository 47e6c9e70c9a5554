import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { toHeaders } from '../access/to-headers';
import type { Runtime } from '../runtime';
import { answerArrival } from './answer-arrival';
import type { Answer, Endpoint } from './endpoint';
import type { ArrivingRequest } from './request-context';

/** Endpoints by address as in app/, such as `/api/tasks/[taskId]/reports`, and by method. */
export type DirectRoutes = Readonly<Record<string, Readonly<Partial<Record<string, Endpoint>>>>>;

/**
 * Answers requests to a few busy addresses without Next, by the endpoints that their `route.ts` give to Next as well
 * (docs/decisions/0012-agents-before-next.md). The guard and the security headers come before. False: this request is
 * Next's. A parameter holds letters, digits and hyphens; what else there may be at such a place is told by Next.
 */
export function answerDirectly(
  rt: Runtime,
  routes: DirectRoutes,
): (req: IncomingMessage, res: ServerResponse) => boolean {
  const table = Object.entries(routes).map(([address, endpoints]) => ({ pattern: toPattern(address), endpoints }));
  return (req, res) => {
    const [path = ''] = (req.url ?? '').split('?', 1);
    for (const { pattern, endpoints } of table) {
      const match = pattern.exec(path);
      if (!match) continue;
      const endpoint = endpoints[req.method ?? ''];
      if (!endpoint) return false;
      answerArrival(endpoint, { rt, request: toRequest(req, res), params: { ...match.groups } })
        .then((answer) => send(res, answer))
        .catch((err: unknown) => {
          rt.log.error({ err }, 'a request failed by a fault of ours');
          res.destroy();
        });
      return true;
    }
    return false;
  };
}

const toPattern = (address: string): RegExp => new RegExp(`^${address.replaceAll(/\[(\w+)\]/g, '(?<$1>[\\w-]+)')}$`);

function toRequest(req: IncomingMessage, res: ServerResponse): ArrivingRequest {
  const { method = '' } = req;
  const body: Readable | null = method === 'GET' ? null : req;
  let leaving: AbortController | null = null;
  return {
    method,
    url: `http://${req.headers.host}${req.url}`,
    headers: toHeaders(req.headers),
    body,
    /** Aborted when the asker has gone. */
    get signal() {
      if (leaving) return leaving.signal;
      const controller = new AbortController();
      leaving = controller;
      if (res.destroyed) controller.abort();
      else res.once('close', () => controller.abort());
      return controller.signal;
    },
  };
}

async function send(res: ServerResponse, answer: Answer): Promise<void> {
  if (answer instanceof Response) {
    res.writeHead(answer.status, [...answer.headers].flat()).end(Buffer.from(await answer.arrayBuffer()));
    return;
  }
  const body = Buffer.from(JSON.stringify(answer.body));
  res.setHeader('Content-Type', 'application/json');
  res.setHeader('Content-Length', body.length);
  for (const [name, value] of answer.headers) res.appendHeader(name, value);
  res.writeHead(answer.status).end(body);
}
