import { createHash } from 'node:crypto';
import type { GiveVerdicts } from '@/lib/protocol/draft';
import type { Caller } from '../access/caller';
import type { IdempotencyKey, Queryable } from '../ledger/command';
import type { Runtime } from '../runtime';

type Item = GiveVerdicts['items'][number];

/** What one request about several drafts has come to so far, kept beside the keys of requests and forgotten with them. */
type GivenVerdicts = {
  /** In the transaction of the verdict itself. */
  remember(db: Queryable, item: Item): Promise<void>;
  /** Those about which this very request has decided: now, or in a try that came to no answer. */
  among(items: readonly Item[]): Promise<ReadonlySet<Item>>;
  /** The request is answered. Without a key of its own, the next one like it is another one. */
  close(): Promise<void>;
};

/**
 * A request that stops in the middle is repeated: under its key, or, where it has none, with the same body. INVARIANT: no
 * client's key looks like these, for those have no blanks.
 */
export function givenVerdicts(
  { database: { pool }, instanceId }: Pick<Runtime, 'database' | 'instanceId'>,
  { workspaceId, actor }: Caller,
  request: GiveVerdicts,
  idempotency: IdempotencyKey | undefined,
): GivenVerdicts {
  const hash = createHash('sha256').update(JSON.stringify(request)).digest();
  const scope = idempotency?.intentId ?? hash.toString('hex');
  const actorId = `${actor.kind}:${actor.id}`;
  const keyOf = ({ draftId, contentHash }: Item) => `verdicts ${scope} ${draftId} ${contentHash}`;
  return {
    remember: async (db, item) => {
      await db.query(
        `INSERT INTO idempotency (workspace_id, actor_id, key, request_hash, intent_id, instance_id, status, answer, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, 200, 'null', now())
         ON CONFLICT (workspace_id, actor_id, key) DO UPDATE SET created_at = excluded.created_at`,
        [workspaceId, actorId, keyOf(item), hash, idempotency?.intentId ?? instanceId, instanceId],
      );
    },
    among: async (items) => {
      const { rows } = await pool.query<{ key: string }>(
        'SELECT key FROM idempotency WHERE workspace_id = $1 AND actor_id = $2 AND key = ANY ($3)',
        [workspaceId, actorId, items.map(keyOf)],
      );
      const keys = new Set(rows.map(({ key }) => key));
      return new Set(items.filter((item) => keys.has(keyOf(item))));
    },
    close: async () => {
      if (idempotency) return; // The answer is kept under the key: what led to it goes with it.
      await pool.query('DELETE FROM idempotency WHERE workspace_id = $1 AND actor_id = $2 AND key = ANY ($3)', [
        workspaceId,
        actorId,
        request.items.map(keyOf),
      ]);
    },
  };
}
