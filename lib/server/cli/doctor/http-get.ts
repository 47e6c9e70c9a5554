import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';

const TIMEOUT_MS = 5_000;
const BODY_CHARS_MAX = 100_000;

export type Answer = { status: number; text: string };

/** One GET with 5 s of patience. Rejects when nothing answers. Redirects are not followed. */
export function httpGet(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const get = new URL(url).protocol === 'https:' ? getHttps : getHttp;
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (text.length < BODY_CHARS_MAX) text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}
