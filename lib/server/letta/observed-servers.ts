import type { LettaServerStatus, LettaServers } from './letta-servers';

/**
 * The servers to look at by themselves. HAZARD: people name one server twice, once by each of its addresses; looked at
 * under both names, whatever its agents do and whatever waits there would be told twice. The first name holds.
 */
export function observedServers(letta: Pick<LettaServers, 'list' | 'tokenOf'>): LettaServerStatus[] {
  const known = new Set<string>();
  return letta.list().filter(({ name, url }) => {
    const key = JSON.stringify([placeOf(url), letta.tokenOf(name)]);
    const isFirst = !known.has(key);
    known.add(key);
    return isFirst;
  });
}

/** The address without what makes no difference to where it leads. */
function placeOf(url: string): string {
  const { protocol, hostname, port, pathname } = new URL(url);
  const host = ['localhost', '[::1]'].includes(hostname) ? '127.0.0.1' : hostname;
  return `${protocol}//${host}:${port}${pathname.replace(/\/+(?:v1\/*)?$/, '')}`;
}
