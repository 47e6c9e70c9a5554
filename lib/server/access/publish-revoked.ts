import type { Runtime } from '../runtime';

/**
 * Tells every instance that sessions or keys are no longer good, so that caches and open sockets drop them at once.
 * After the commit: a lost word costs up to 5 s, for everything is looked up again by then.
 */
export async function publishRevoked(rt: Runtime, kind: 'session' | 'key', ids: readonly string[]): Promise<void> {
  rt.access.forget();
  await Promise.all(ids.map((id) => rt.hub.publishRevoked({ kind, id })));
}
