import type { Caller } from '../access/caller';
import type { Log } from '../log';

type Credential = Caller['credential'];

/** Which sockets came in by which credential, so that all of one can be sent away when it is no longer good. */
export type Credentials = {
  /** How many sockets it carries now. */
  carried(credential: Credential): number;
  /** Adds a socket; `sendAway` is called once, when the credential is revoked. Returns the way to take it out. */
  add(credential: Credential, sendAway: () => void): () => void;
  revoke(credential: Pick<Credential, 'kind' | 'id'>): void;
  /** Asks for every credential in use whether it is still good. */
  sweep(): Promise<void>;
};

type Carried = { credential: Credential; sendAway: Set<() => void> };

export function createCredentials(isStillValid: (credential: Credential) => Promise<boolean>, log: Log): Credentials {
  const carried = new Map<string, Carried>();
  const keyOf = ({ kind, id }: Pick<Credential, 'kind' | 'id'>) => `${kind} ${id}`;

  function revoke(credential: Pick<Credential, 'kind' | 'id'>): void {
    const found = carried.get(keyOf(credential));
    for (const sendAway of found ? [...found.sendAway] : []) sendAway();
  }

  async function check(credential: Credential): Promise<void> {
    try {
      if (!(await isStillValid(credential))) revoke(credential);
    } catch (error) {
      // The database is away, not the right: it is asked again in a moment, and meanwhile nothing can be read either.
      log.warn({ err: error }, 'live stream: a credential could not be checked');
    }
  }

  return {
    carried: (credential) => carried.get(keyOf(credential))?.sendAway.size ?? 0,
    add(credential, sendAway) {
      const key = keyOf(credential);
      const entry = carried.get(key) ?? { credential, sendAway: new Set() };
      carried.set(key, entry);
      entry.sendAway.add(sendAway);
      return () => {
        entry.sendAway.delete(sendAway);
        if (entry.sendAway.size === 0 && carried.get(key) === entry) carried.delete(key);
      };
    },
    revoke,
    async sweep() {
      await Promise.all([...carried.values()].map(({ credential }) => check(credential)));
    },
  };
}
