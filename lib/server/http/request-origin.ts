import { isIP } from 'node:net';

/** The origin under which a browser sees Parley, from headers that guardRequest has made true. */
export function requestOrigin(headers: Headers): URL {
  const protocol = headers.get('x-forwarded-proto') === 'https' ? 'https' : 'http';
  const host = headers.get('x-forwarded-host') ?? headers.get('host') ?? 'localhost';
  return new URL(`${protocol}://${host}`);
}

/** Whether browsers offer passkeys there: never at an IP address, and without https only at localhost. */
export function takesPasskeys({ protocol, hostname }: URL): boolean {
  if (isIP(hostname.replace(/^\[|\]$/g, '')) > 0) return false;
  return protocol === 'https:' || hostname === 'localhost';
}
