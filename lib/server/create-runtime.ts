import { randomUUID } from 'node:crypto';
import { system } from '@/lib/protocol/actor';
import { systemStream } from '@/lib/protocol/stream';
import { createAccess } from './access/access';
import { systemClock } from './clock';
import { createFirstWords } from './conversations/first-words';
import { createHub } from './create-hub';
import { createJobs, migrateJobs } from './create-jobs';
import type { Database } from './database/database';
import type { Env } from './env';
import { createFailpoint } from './failpoint';
import { startInstance } from './instances';
import { createCheckpoints } from './ledger/checkpoints';
import { createLedger } from './ledger/create-ledger';
import { beginLog, openWorkspace } from './ledger/open-workspace';
import { createLettaServers } from './letta/letta-servers';
import { createDraftViewers } from './live/draft-viewers';
import type { Log } from './log';
import { allProjections } from './projections';
import type { Runtime } from './runtime';
import { loadSandboxSetting } from './settings/sandbox-setting';
import { loadLimits } from './settings/settings';
import { startWork } from './start-work';
import { createKnownTasks } from './tasks/known-tasks';
import { version } from './version';

/** How long effects under way may take when the program stops; what is left is looked up at the next start. */
const JOBS_GRACE_MS = 3_000;

export type StartedRuntime = {
  rt: Runtime;
  /** Starts what acts by itself: jobs, deadlines, the look-out for what agents do unasked. */
  startWork(): Promise<void>;
  /** Tells whatever answers for as long as it is listened to that the program is about to stop. */
  beginStop(): void;
  /** Ends everything in order; what was taken is durable, what was under way goes on at the next start. */
  stop(): Promise<void>;
};

/** Puts the program together on a migrated database. */
export async function createRuntime(options: {
  env: Env;
  url: string;
  loopbackUrl?: string;
  database: Database;
  log: Log;
}): Promise<StartedRuntime> {
  const { env, url, database, log } = options;
  const { pool, connectionString } = database;
  const clock = systemClock;
  const failpoint = createFailpoint(env.failpoint);
  const instanceId = randomUUID();

  await migrateJobs(pool, log);
  const host = env.publicUrl ? new URL(env.publicUrl).host : 'parley.example';
  const workspace = await openWorkspace(pool, host, failpoint);
  const { workspaceId } = workspace;
  let tellAvailability: (unavailable: string | null) => void = () => undefined;
  const knownTasks = createKnownTasks();
  const ledger = createLedger({
    connectionString,
    pool,
    projections: allProjections(knownTasks),
    clock,
    log,
    failpoint,
    onAvailability: (unavailable) => tellAvailability(unavailable),
  });
  knownTasks.follow(ledger);
  await beginLog(ledger, workspace);
  const checkpoints = createCheckpoints({ ledger, pool, workspace, log, failpoint });
  const instances = await startInstance({
    pool,
    workspaceId,
    instanceId,
    isAlone: database.embedded,
    clock,
    onSilence: () => void ledger.check(),
    log,
  });
  const hub = createHub({ pool, connectionString, ledger, instanceId, hasPeers: instances.hasPeers, log });
  tellAvailability = hub.tellAvailability;
  const draftViewers = createDraftViewers(hub, clock);
  await ledger.record(workspaceId, system, [
    { stream: systemStream, type: 'system.started', payload: { version, instance: instanceId } },
  ]);
  const stopping = new AbortController();
  const access = await createAccess({
    pool,
    hub,
    clock,
    log,
    workspaceId,
    publicUrl: env.publicUrl,
    adminKey: env.adminKey,
  });
  const letta = await createLettaServers({ env, pool, ledger, seal: access.seal, clock, log, workspaceId });
  await letta.switchSandbox(await loadSandboxSetting(database.pool, workspaceId, env, letta.list()));
  const readSettings = async () => access.limits.configure(await loadLimits(database.pool, workspaceId));
  await readSettings();
  hub.listen({
    moved: (stream, _head, entries) => {
      const isFromPeer = stream === systemStream && entries.length === 0;
      if (!isFromPeer) return;
      Promise.all([letta.refresh(), readSettings()]).catch((err: unknown) =>
        log.warn({ err }, 'what another instance has changed could not be read'),
      );
    },
  });
  const jobs = createJobs({ connectionString, pool, instances, log });
  const rt: Runtime = {
    env,
    url,
    loopbackUrl: options.loopbackUrl ?? url,
    log,
    clock,
    failpoint,
    instanceId,
    workspaceId,
    workspace,
    database,
    ledger,
    checkpoints,
    hub,
    draftViewers,
    jobs,
    access,
    letta,
    firstWords: createFirstWords(),
    knownTasks,
    stopping: stopping.signal,
  };
  const work: { stop(): Promise<void> }[] = [];

  return {
    rt,
    startWork: async () => {
      work.push(...(await startWork(rt)));
    },
    beginStop: () => stopping.abort(),
    stop: async () => {
      stopping.abort();
      const hangingUp = setTimeout(() => letta.hangUp(), JOBS_GRACE_MS);
      await Promise.all(work.map((each) => each.stop()));
      await jobs.stop(JOBS_GRACE_MS);
      clearTimeout(hangingUp);
      await letta.close();
      await ledger.record(workspaceId, system, [
        { stream: systemStream, type: 'system.stopped', payload: { instance: instanceId } },
      ]);
      await checkpoints.close();
      await ledger.close();
      access.close();
      draftViewers.stop();
      await hub.close();
      await instances.stop();
    },
  };
}
