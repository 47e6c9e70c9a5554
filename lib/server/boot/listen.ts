import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Env } from '../env';
import { type Guarded, guardRequest } from '../http/guard';
import { setSecurityHeaders } from '../http/security-headers';
import { takesUpgrade } from '../http/takes-upgrade';
import type { Log } from '../log';
import { BootError } from './boot-error';
import { errorCode } from './error-code';

/** Answers a request that has passed the guard. What it throws is answered 500 and is a fault of ours. */
export type RequestListener = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

export type Listening = {
  server: Server;
  /** Where the program answers: PARLEY_URL, or the address as bound. */
  url: string;
  /** Where it answers on this machine itself. */
  loopbackUrl: string;
  /** From now on requests that pass the guard go here; until then they are answered 503. */
  serve(listener: RequestListener): void;
};

const STARTING = JSON.stringify({
  error: { code: 'ledger.unavailable', message: 'Parley is starting or stopping.', requestId: 'none' },
});

/**
 * Takes the port at once, so that a busy one is told before anything else is started. Every request passes the guard
 * and is given the security headers here, before anybody else sees it.
 */
export async function listen(env: Env, log: Log, { development }: { development: boolean }): Promise<Listening> {
  let listener: RequestListener = async (_req, res) => {
    res.writeHead(503, { 'Content-Type': 'application/json', 'Retry-After': '1' }).end(STARTING);
  };
  const shouldUpgradeCallback = (req: IncomingMessage) => takesUpgrade(req, development);
  const server = createServer({ shouldUpgradeCallback }, (req, res) => {
    const guarded = guardRequest(req, env);
    if (!guarded.ok) return refuse(res, guarded);
    setSecurityHeaders(req, res, { development });
    listener(req, res).catch((err: unknown) => {
      log.error({ err }, 'a request failed by a fault of ours');
      res.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, env)));
    server.listen(env.port, env.host, resolve);
  });
  const url = env.publicUrl ?? addressUrl(env.host, server.address());
  return {
    server,
    url,
    loopbackUrl: addressUrl(EVERYWHERE[env.host] ?? env.host, server.address()),
    serve: (next) => {
      listener = next;
    },
  };
}

/** Addresses that mean every address of the machine, and the one among them that reaches it from itself. */
const EVERYWHERE: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Answers a request that a guard has refused, and closes its connection. */
export function refuse(res: ServerResponse, { status, headers, body }: Extract<Guarded, { ok: false }>): void {
  res.writeHead(status, { ...headers, Connection: 'close' }).end(body);
}

function addressUrl(host: string, address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new Error('a server that listens has an address');
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

/** Not one of its own, or a name that leads to none. */
const NO_ADDRESS = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL']);

function listenError(error: Error, { host, port }: Env): Error {
  if (errorCode(error) === 'EADDRINUSE') {
    return new BootError(`Port ${port} of ${host} is taken. Set PORT to another one, or to 0 for any that is free.`);
  }
  if (errorCode(error) === 'EACCES')
    return new BootError(`Port ${port} needs more rights than Parley has. Set PORT above 1023.`);
  if (NO_ADDRESS.has(errorCode(error) ?? '')) return new BootError(`HOST: ${host} is no address of this machine.`);
  return error;
}
