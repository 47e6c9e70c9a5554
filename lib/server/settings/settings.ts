import { Conveyance } from '@/lib/protocol/conversation';
import { AppError } from '@/lib/protocol/errors';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { JsonValue } from '@/lib/protocol/json';
import { type ChangeSettings, defaultRateLimits, RateLimits, Settings } from '@/lib/protocol/settings';
import { systemStream } from '@/lib/protocol/stream';
import type { Caller } from '../access/caller';
import type { IdempotencyKey, Queryable } from '../ledger/command';
import { streamHead } from '../ledger/read-entries';
import type { Runtime } from '../runtime';
import { readSetting } from './read-setting';
import { loadSandboxSetting } from './sandbox-setting';

const MAX_TURNS = 50;

/** The settings of the workspace, with what holds where nobody has set anything. */
export async function getSettings(rt: Runtime, caller: Caller, db: Queryable = rt.database.pool): Promise<Settings> {
  const [conveyance, maxTurns, demoShown, limits] = await Promise.all([
    readSetting(db, caller.workspaceId, 'conveyance'),
    readSetting(db, caller.workspaceId, 'maxTurns'),
    readSetting(db, caller.workspaceId, 'demo_shown'),
    loadLimits(db, caller.workspaceId),
  ]);
  return Settings.parse({
    sandbox: await loadSandboxSetting(db, caller.workspaceId, rt.env, rt.letta.list()),
    sandboxFixed: rt.env.sandbox !== 'auto',
    demoShown: demoShown === true,
    conveyance: Conveyance.catch('tool').parse(conveyance),
    maxTurns: typeof maxTurns === 'number' ? maxTurns : MAX_TURNS,
    limits,
  });
}

/** The rate limits as they were last set. */
export const loadLimits = async (db: Queryable, workspaceId: WorkspaceId): Promise<RateLimits> =>
  RateLimits.parse((await readSetting(db, workspaceId, 'limits')) ?? defaultRateLimits);

/** Sets what is given; each setting is an entry. */
export async function changeSettings(
  rt: Runtime,
  caller: Caller,
  change: ChangeSettings,
  idempotency?: IdempotencyKey,
): Promise<Settings> {
  if (change.sandbox !== undefined && rt.env.sandbox !== 'auto') {
    const fields = { sandbox: 'set by PARLEY_SANDBOX' };
    throw new AppError('letta_server.fixed', 'The sandbox is switched by PARLEY_SANDBOX.', { fields });
  }
  const after = await rt.ledger.append<Loaded, Settings>({
    workspaceId: caller.workspaceId,
    actor: caller.actor,
    ...(idempotency && { idempotency }),
    // The stream first, and in the same transaction: what somebody else has set is read again rather than overwritten.
    load: async (db) => ({
      position: await streamHead(db, caller.workspaceId, systemStream),
      before: await getSettings(rt, caller, db),
    }),
    decide: (loaded) => decideSettings(caller, loaded, change),
  });
  if (change.sandbox !== undefined) await rt.letta.switchSandbox(change.sandbox);
  if (change.limits !== undefined) rt.access.limits.configure(after.limits);
  return after;
}

type Loaded = { position: number; before: Settings };

function decideSettings({ workspaceId }: Caller, { position, before }: Loaded, change: ChangeSettings) {
  const limits = change.limits && { ...before.limits, ...change.limits };
  const set = Object.entries({ ...change, limits }).flatMap(([setting, value]): [string, JsonValue][] =>
    value === undefined ? [] : [[setting, value]],
  );
  return {
    ok: true as const,
    entries: set.map(([setting, value]) => ({
      stream: systemStream,
      type: 'setting.changed' as const,
      payload: { setting, value },
    })),
    expects: [{ stream: systemStream, streamSeq: position }],
    write: async (db: Queryable) => {
      for (const [setting, value] of set) {
        await db.query(
          `INSERT INTO setting (workspace_id, name, value) VALUES ($1, $2, $3)
           ON CONFLICT (workspace_id, name) DO UPDATE SET value = excluded.value`,
          [workspaceId, setting, JSON.stringify(value)],
        );
      }
    },
    answer: () => Settings.parse({ ...before, ...Object.fromEntries(set) }),
  };
}
