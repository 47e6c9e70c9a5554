import type { IncomingMessage } from 'node:http';
import { SOCKET_PATH } from '@/lib/protocol/socket';

/**
 * Whether a request becomes a connection of another protocol: a websocket of ours, and in development any, for pages
 * that follow their own code. Whoever only offers one, as Java's client offers h2c with its first request, is answered
 * in HTTP as if it had not; Node would otherwise leave it without any answer.
 */
export const takesUpgrade = ({ headers, url = '' }: IncomingMessage, development: boolean): boolean =>
  /(^|[\s,])websocket($|[\s,])/i.test(headers.upgrade ?? '') &&
  (development || `${url.split('?', 1)[0]}/`.startsWith(SOCKET_PATH));
