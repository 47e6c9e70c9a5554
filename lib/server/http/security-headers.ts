import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomBytes } from '../ledger/random-bytes';

/** In development React and the bundler evaluate strings and write styles; nothing else is loosened. */
export type SecurityOptions = { development: boolean };

const HSTS = 'max-age=31536000';

const ALWAYS: readonly [string, string][] = [
  ['X-Content-Type-Options', 'nosniff'],
  // Not `no-referrer`: with that, browsers send `Origin: null` with a form of our own page.
  ['Referrer-Policy', 'same-origin'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['X-Frame-Options', 'DENY'],
  [
    'Permissions-Policy',
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)',
  ],
];

/**
 * Sets what browsers are told about every answer. The policy with its nonce is also put on the request as
 * `content-security-policy`, where Next looks for the nonce of its own scripts, and the bare nonce as `x-nonce`, for
 * scripts of ours. Comes after guardRequest, which has made host and protocol trustworthy.
 */
export function setSecurityHeaders(req: IncomingMessage, res: ServerResponse, options: SecurityOptions): void {
  const nonce = randomBytes(18).toString('base64');
  const isHttps = req.headers['x-forwarded-proto'] === 'https';
  const policy = contentSecurityPolicy({
    nonce,
    host: String(req.headers['x-forwarded-host'] ?? ''),
    isHttps,
    ...options,
  });
  req.headers['content-security-policy'] = policy;
  req.headers['x-nonce'] = nonce;
  res.setHeader('Content-Security-Policy', policy);
  for (const [name, value] of ALWAYS) res.setHeader(name, value);
  if (isHttps) res.setHeader('Strict-Transport-Security', HSTS);
}

type Policy = SecurityOptions & { nonce: string; host: string; isHttps: boolean };

/** `host` must have passed guardRequest: it is written into the policy as it is. */
export function contentSecurityPolicy({ nonce, host, isHttps, development }: Policy): string {
  // Not every browser counts a WebSocket to the same host as 'self'.
  const socket = host === '' ? '' : ` ${isHttps ? 'wss' : 'ws'}://${host}`;
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    ...(development ? ["style-src 'self' 'unsafe-inline'"] : styles(nonce)),
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${socket}`,
    "object-src 'none'",
    "base-uri 'none'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ].join('; ');
}

/** Style elements need the nonce; style attributes cannot have one, and Radix positions by them in what the server renders. */
const styles = (nonce: string) => [`style-src 'self' 'nonce-${nonce}'`, "style-src-attr 'unsafe-inline'"];
