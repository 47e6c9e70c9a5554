import type { Env } from '@/lib/server/env';
import type { Finding } from './finding';
import { httpGet } from './http-get';

type LettaEnv = Pick<Env, 'lettaBaseUrl' | 'lettaApiKey' | 'lettaAppServerUrl' | 'sandbox'>;

/** Whether every Letta that the environment names answers. */
export async function checkLetta(env: LettaEnv): Promise<Finding[]> {
  const checks: Promise<Finding>[] = [];
  if (env.lettaBaseUrl) checks.push(checkRest(env.lettaBaseUrl, env.lettaApiKey));
  if (env.lettaAppServerUrl) checks.push(checkAppServer(env.lettaAppServerUrl), notUsed);
  if (checks.length > 0) return Promise.all(checks);
  const sandbox =
    env.sandbox === 'off' ? 'and the sandbox is off: connect one on the settings page' : 'so the sandbox is on';
  return [{ about: 'Letta', state: 'note', said: `none in the environment, ${sandbox}` }];
}

const notUsed: Promise<Finding> = Promise.resolve({
  about: 'LETTA_APP_SERVER_URL',
  state: 'note',
  said: 'this version of Parley speaks the REST dialect alone, and does not use it',
});

const checkRest = (base: string, key: string | null): Promise<Finding> =>
  check('LETTA_BASE_URL', new URL('v1/health/', withSlash(base)), key);

/** The App Server answers plain HTTP beside its WebSocket, without its token. */
function checkAppServer(address: string): Promise<Finding> {
  const url = new URL('/healthz', address);
  return check('LETTA_APP_SERVER_URL', new URL(url.href.replace(/^ws/, 'http')), null);
}

async function check(name: string, url: URL, key: string | null): Promise<Finding> {
  const about = `Letta at ${url.host}`;
  try {
    const { status } = await httpGet(url.href, key ? { authorization: `Bearer ${key}` } : {});
    if (status === 200) return { about, state: 'well', said: 'answers' };
    if (status === 401 || status === 403) {
      const said = `refuses the key (${status})`;
      return { about, state: 'broken', said, todo: 'Set LETTA_API_KEY to a key that this server takes.' };
    }
    const todo = `Check that ${name} is the address of a Letta server.`;
    return { about, state: 'broken', said: `answered ${status} to ${url.pathname}`, todo };
  } catch (error) {
    const said = error instanceof Error ? error.message || error.name : String(error);
    const todo = `Start that Letta, or correct ${name}.`;
    return { about, state: 'broken', said: `cannot be reached: ${said}`, todo };
  }
}

const withSlash = (base: string) => (base.endsWith('/') ? base : `${base}/`);
