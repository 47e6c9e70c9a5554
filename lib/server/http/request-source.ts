import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** How many proxies in front of Parley are believed about X-Forwarded-*, and the address people are given, if set. */
export type SourceRules = { trustedProxies: number; publicUrl: string | null };

/** Where a request came from and what it asked for, as the browser sees it. `host` as sent, with its port. */
export type RequestSource = { protocol: 'http' | 'https'; host: string; address: string };

/**
 * Reads the source of a request. With n proxies believed, the n-th value from the right of each X-Forwarded list
 * counts: what stands further left was written by whoever sent it.
 */
export function readRequestSource(req: IncomingMessage, rules: SourceRules): RequestSource {
  const forwarded = (name: string): string | undefined => {
    if (rules.trustedProxies === 0) return undefined;
    const values = [req.headers[name]].flat().join(',').split(',');
    return values[Math.max(0, values.length - rules.trustedProxies)]?.trim() || undefined;
  };
  const host = forwarded('x-forwarded-host') ?? req.headers.host ?? '';
  return {
    host,
    protocol: protocolOf(req, forwarded('x-forwarded-proto'), host, rules.publicUrl),
    address: addressIn(forwarded('x-forwarded-for')) ?? plainAddress(req.socket.remoteAddress ?? ''),
  };
}

function protocolOf(
  req: IncomingMessage,
  forwarded: string | undefined,
  host: string,
  publicUrl: string | null,
): 'http' | 'https' {
  if (forwarded === 'http' || forwarded === 'https') return forwarded;
  if ('encrypted' in req.socket && req.socket.encrypted) return 'https';
  // Whoever asks for the public name came by the public address, also through a proxy that Parley is not told to trust.
  return publicUrl?.startsWith('https:') && new URL(publicUrl).host === host.toLowerCase() ? 'https' : 'http';
}

/** The IP address in one item of X-Forwarded-For, which may carry a port. */
function addressIn(item: string | undefined): string | undefined {
  const bare = item?.match(/^\[([^\]]+)\](?::\d+)?$/)?.[1] ?? item?.match(/^([^:]+):\d+$/)?.[1] ?? item;
  return bare !== undefined && isIP(bare) > 0 ? plainAddress(bare) : undefined;
}

/** IPv4 addresses reach a dual-stack socket as `::ffff:192.0.2.1`. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
