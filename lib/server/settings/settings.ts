import { Conveyance } from '@/lib/protocol/conversation';
import { AppError } from '@/lib/protocol/errors';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { JsonValue } from '@/lib/protocol/json';
import { type ChangeSettings, defaultRateLimits, RateLimits, Settings } from '@/lib/protocol/settings';
import { systemStream } from '@/lib/protocol/stream';
import type { Caller } from '../access/caller';
import type { PrismaClient } from '../database/prisma';
import type { IdempotencyKey } from '../ledger/command';
import type { Runtime } from '../runtime';
import { readSetting } from './read-setting';
import { loadSandboxSetting } from './sandbox-setting';

const MAX_TURNS = 50;

/** The settings of the workspace, with what holds where nobody has set anything. */
export async function getSettings(rt: Runtime, caller: Caller): Promise<Settings> {
  const { prisma } = rt.database;
  const [conveyance, maxTurns, demoShown, limits] = await Promise.all([
    readSetting(prisma, caller.workspaceId, 'conveyance'),
    readSetting(prisma, caller.workspaceId, 'maxTurns'),
    readSetting(prisma, caller.workspaceId, 'demo_shown'),
    loadLimits(prisma, caller.workspaceId),
  ]);
  return Settings.parse({
    sandbox: await loadSandboxSetting(prisma, caller.workspaceId, rt.env, rt.letta.list()),
    sandboxFixed: rt.env.sandbox !== 'auto',
    demoShown: demoShown === true,
    conveyance: Conveyance.catch('tool').parse(conveyance),
    maxTurns: typeof maxTurns === 'number' ? maxTurns : MAX_TURNS,
    limits,
  });
}

/** The rate limits as they were last set. */
export const loadLimits = async (prisma: PrismaClient, workspaceId: WorkspaceId): Promise<RateLimits> =>
  RateLimits.parse((await readSetting(prisma, workspaceId, 'limits')) ?? defaultRateLimits);

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
  const before = await getSettings(rt, caller);
  const limits = change.limits && { ...before.limits, ...change.limits };
  const set = Object.entries({ ...change, limits }).flatMap(([setting, value]): [string, JsonValue][] =>
    value === undefined ? [] : [[setting, value]],
  );
  const after = Settings.parse({ ...before, ...Object.fromEntries(set) });
  await rt.ledger.append({
    workspaceId: caller.workspaceId,
    actor: caller.actor,
    ...(idempotency && { idempotency }),
    load: async () => null,
    decide: () => ({
      ok: true,
      entries: set.map(([setting, value]) => ({
        stream: systemStream,
        type: 'setting.changed' as const,
        payload: { setting, value },
      })),
      write: async (db) => {
        for (const [setting, value] of set) {
          await db.query(
            `INSERT INTO setting (workspace_id, name, value) VALUES ($1, $2, $3)
             ON CONFLICT (workspace_id, name) DO UPDATE SET value = excluded.value`,
            [caller.workspaceId, setting, JSON.stringify(value)],
          );
        }
      },
      answer: () => after,
    }),
  });
  if (change.sandbox !== undefined) await rt.letta.switchSandbox(change.sandbox);
  if (limits !== undefined) rt.access.limits.configure(after.limits);
  return after;
}
