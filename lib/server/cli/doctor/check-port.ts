import { createServer } from 'node:net';
import { Health } from '@/lib/protocol/health';
import { errorCode } from '@/lib/server/boot/error-code';
import type { Env } from '@/lib/server/env';
import type { Finding } from './finding';
import { httpGet } from './http-get';

const ANY_ADDRESS = new Set(['0.0.0.0', '::']);
const ABOUT = 'Port';

/** Whether the port is free, or held by a Parley; then also what that one says of itself and of its Letta servers. */
export async function checkPort({ host, port }: Pick<Env, 'host' | 'port'>): Promise<Finding[]> {
  if (port === 0) return [{ about: ABOUT, state: 'note', said: 'a free one is taken at the start' }];
  const where = `${port} on ${host}`;
  const refusal = await tryToListen(host, port);
  if (refusal === null) return [{ about: ABOUT, state: 'well', said: `${where} is free` }];
  if (refusal !== 'EADDRINUSE') {
    const todo = 'Set HOST to an address of this machine and PORT to a port that this user may take, such as 3000.';
    return [{ about: ABOUT, state: 'broken', said: `${where} cannot be taken: ${refusal}`, todo }];
  }
  const health = await askHealth(ANY_ADDRESS.has(host) ? '127.0.0.1' : host, port);
  if (health) return [toFinding(health, where), ...health.letta.map(toLettaFinding)];
  const todo = 'Stop that program, or set PORT to another port (0 takes a free one).';
  return [{ about: ABOUT, state: 'broken', said: `${where} is taken by a program that is not Parley`, todo }];
}

function toFinding({ status, version }: Health, where: string): Finding {
  const said = `Parley ${version} answers at ${where}: ${status}`;
  if (status === 'ok') return { about: ABOUT, state: 'well', said };
  return { about: ABOUT, state: 'broken', said, todo: 'Read what that Parley logged last.' };
}

function toLettaFinding({ name, dialect, state }: Health['letta'][number]): Finding {
  const about = `Letta ${name}`;
  const said = `${state} (${dialect}), as the running Parley sees it`;
  if (state === 'connected' || state === 'connecting') return { about, state: 'well', said };
  return { about, state: 'broken', said, todo: 'Start that Letta, or correct its address or token in the settings.' };
}

/** Null when it could; the error's code when not. */
const tryToListen = (host: string, port: number): Promise<string | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(errorCode(error) ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });

/** What a Parley there says of itself, or null when none does. */
async function askHealth(host: string, port: number): Promise<Health | null> {
  try {
    const { text } = await httpGet(`http://${host.includes(':') ? `[${host}]` : host}:${port}/api/health`);
    return Health.parse(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return null; // silence, or an answer that is not a Parley's: the same to whoever wants the port
  }
}
