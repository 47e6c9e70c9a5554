import { ADMIN_KEY } from './access-runtime';

/** An answer with its body read. */
export type Answer = { status: number; headers: Headers; body: Record<string, unknown> };

/** A browser, or a program with a key, that asks a served Parley. A browser keeps its cookies and says its origin. */
export type Visitor = {
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  cookies: Map<string, string>;
};

/** Someone with a browser. */
export function browser(url: string): Visitor {
  const cookies = new Map<string, string>();
  const ask: Visitor['ask'] = async (method, path, body, headers = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await send(url, method, path, body, { origin: url, ...(cookie && { cookie }), ...headers });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (/max-age=0/i.test(set)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  return { ask, cookies };
}

/** A program with a bearer key, by default the admin key of the environment. */
export const program = (url: string, key: string = ADMIN_KEY): Visitor => ({
  ask: (method, path, body, headers = {}) =>
    send(url, method, path, body, { authorization: `Bearer ${key}`, ...headers }),
  cookies: new Map(),
});

async function send(url: string, method: string, path: string, body: unknown, headers: Record<string, string>) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    redirect: 'manual',
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}
