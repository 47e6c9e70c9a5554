import type { Pool } from 'pg';
import { type Actor, system } from '@/lib/protocol/actor';
import { AppError } from '@/lib/protocol/errors';
import { ServerName, type WorkspaceId } from '@/lib/protocol/ids';
import type { AddLettaServer, ChangeLettaServer, LettaServer } from '@/lib/protocol/letta-server';
import { systemStream } from '@/lib/protocol/stream';
import type { Seal } from '../access/seal';
import type { Clock } from '../clock';
import type { Env } from '../env';
import type { NewEntry, Queryable } from '../ledger/command';
import type { Ledger } from '../ledger/ledger';
import type { Log } from '../log';
import type { Gateway } from './gateway';
import { insertServer, readNamedServers, readRecorded, writeRecorded } from './letta-server-rows';
import { openGateway } from './open-gateway';
import { startSandbox } from './sandbox/start-sandbox';
import { watchServer } from './watch-server';

export type LettaServerStatus = LettaServer;

/** The Letta servers that this installation talks to, each with its own state and its own reconnection. */
export type LettaServers = {
  list(): LettaServerStatus[];
  /**
   * `restartedAt`: since when what ran on it before is certainly over, for it was lost and came back, or is the sandbox,
   * which starts with Parley; null where nothing is known. Throws `letta_server.not_found`.
   */
  require(name: ServerName): { gateway: Gateway; status: LettaServerStatus; restartedAt: Date | null };
  /** Throws `letta_server.fixed` where the environment or Parley itself named it. */
  requireChangeable(name: ServerName): void;
  add(actor: Actor, server: AddLettaServer): Promise<LettaServerStatus>;
  /** Throws `letta_server.fixed` where the environment or Parley itself named it. */
  change(actor: Actor, name: ServerName, change: ChangeLettaServer): Promise<LettaServerStatus>;
  remove(actor: Actor, name: ServerName): Promise<LettaServerStatus>;
  /** The token of a saved server, for the doctor. */
  tokenOf(name: ServerName): string | null;
  /** Follows what another instance has added, changed or removed. */
  refresh(): Promise<void>;
  /** Starts or stops the sandbox here, as the setting says. */
  switchSandbox(wanted: boolean): Promise<void>;
  close(): Promise<void>;
};

type Known = {
  name: ServerName;
  origin: LettaServer['origin'];
  url: string;
  sealedToken: string | null;
  gateway: Gateway;
  watch: ReturnType<typeof watchServer>;
  stop: () => Promise<void>;
};

const sandboxName = ServerName.parse('sandbox');
const environmentName = ServerName.parse('letta');

export type LettaServersOptions = {
  env: Env;
  pool: Pool;
  ledger: Ledger;
  seal: Seal;
  clock: Clock;
  log: Log;
  workspaceId: WorkspaceId;
};

export async function createLettaServers(options: LettaServersOptions): Promise<LettaServers> {
  const { env, pool, ledger, seal, clock, log, workspaceId } = options;
  const servers = new Map<ServerName, Known>();

  const connect = (
    name: ServerName,
    origin: Known['origin'],
    url: string,
    sealedToken: string | null,
    stop: () => Promise<void> = () => Promise.resolve(),
  ) => {
    const apiKey = sealedToken === null ? null : seal.open(sealedToken);
    const gateway = openGateway({ baseUrl: url, apiKey, log });
    const watch = watchServer({
      gateway,
      clock,
      onChange: (health) => {
        log.info({ server: name, state: health.state, reason: health.reason }, 'a Letta server');
        void record(name, health.state === 'connected', health.version, health.reason);
      },
    });
    const known: Known = { name, origin, url, sealedToken, gateway, watch, stop };
    servers.set(name, known);
    return known;
  };

  /** The ledger says once that a server was found or lost, however many instances see it. */
  const record = async (server: ServerName, isConnected: boolean, version: string | null, reason: string | null) => {
    const recorded = isConnected ? 'connected' : 'lost';
    const entry: NewEntry = isConnected
      ? { stream: systemStream, type: 'letta.connected', payload: { server, version } }
      : { stream: systemStream, type: 'letta.lost', payload: { server, reason: reason ?? 'unknown' } };
    try {
      await ledger.append({
        workspaceId,
        actor: system,
        load: (db) => readRecorded(db, workspaceId, server),
        decide: (before) => ({
          ok: true,
          entries: before === recorded || (before === null && !isConnected) ? [] : [entry],
          write: (db) => writeRecorded(db, workspaceId, server, recorded),
          answer: () => null,
        }),
      });
    } catch (error) {
      log.warn({ err: error, server }, 'the state of a Letta server could not be recorded');
    }
  };

  const switchSandbox = async (wanted: boolean) => {
    const running = servers.get(sandboxName);
    if (wanted && !running) {
      const { sandboxPaceMs } = env;
      const paceMs =
        sandboxPaceMs === undefined ? {} : { paceMs: sandboxPaceMs === 0 ? ('instant' as const) : sandboxPaceMs };
      const sandbox = await startSandbox({ pool, workspaceId, host: '127.0.0.1', log, clock, ...paceMs });
      await insertServer(pool, workspaceId, {
        name: sandboxName,
        url: sandbox.url,
        origin: 'sandbox',
        sealedToken: null,
      });
      await connect(sandboxName, 'sandbox', sandbox.url, null, sandbox.stop).watch.checkNow();
    }
    if (!wanted && running) {
      servers.delete(sandboxName);
      running.watch.stop();
      await running.stop();
    }
  };

  if (env.lettaBaseUrl) {
    await insertServer(pool, workspaceId, {
      name: environmentName,
      url: env.lettaBaseUrl,
      origin: 'environment',
      sealedToken: null,
    });
    connect(
      environmentName,
      'environment',
      env.lettaBaseUrl,
      env.lettaApiKey === null ? null : seal.close(env.lettaApiKey),
    );
  }
  /** Connects to what the table names and is not connected yet, and lets go of what it names no more. */
  const refresh = async () => {
    const named = await readNamedServers(pool, workspaceId);
    for (const known of [...servers.values()].filter((server) => server.origin === 'person')) {
      const row = named.find((each) => each.name === known.name);
      if (row?.url === known.url && row.sealedToken === known.sealedToken) continue;
      known.watch.stop();
      servers.delete(known.name);
    }
    for (const { name, url, sealedToken } of named) {
      if (!servers.has(name)) void connect(name, 'person', url, sealedToken).watch.checkNow();
    }
  };
  await refresh();
  await Promise.all([...servers.values()].map((server) => server.watch.checkNow()));

  const connectNow = async (name: ServerName, url: string, sealedToken: string | null) => {
    const known = connect(name, 'person', url, sealedToken);
    await known.watch.checkNow();
    return toStatus(known);
  };
  const requireServer = (name: ServerName): Known => {
    const known = servers.get(name);
    if (!known) throw new AppError('letta_server.not_found', `No Letta server is called “${name}”.`);
    return known;
  };
  const requireChangeable = (name: ServerName): Known => {
    const known = requireServer(name);
    if (known.origin === 'person') return known;
    const why = known.origin === 'sandbox' ? 'is switched on and off in the settings' : 'is set by LETTA_BASE_URL';
    throw new AppError('letta_server.fixed', `“${name}” ${why}; it cannot be changed here.`);
  };

  return {
    list: () => [...servers.values()].map(toStatus),
    require: (name) => {
      const known = requireServer(name);
      const { since, returnedAt } = known.watch.health();
      const restartedAt = known.origin === 'sandbox' ? since : returnedAt;
      return { gateway: known.gateway, status: toStatus(known), restartedAt };
    },
    requireChangeable: (name) => {
      requireChangeable(name);
    },
    add: async (actor, { name, dialect, url, token }) => {
      if (dialect !== 'rest') {
        const fields = { dialect: 'rest is the only one in this version' };
        throw new AppError('request.invalid', 'The App Server dialect is not built yet.', { fields });
      }
      if (servers.has(name) || [sandboxName, environmentName].includes(name)) {
        throw new AppError('server.taken', `There is a server called “${name}” already.`, {
          fields: { name: 'taken' },
        });
      }
      const sealedToken = token === undefined ? null : seal.close(token);
      await commitServer(options, actor, {
        entry: { stream: systemStream, type: 'letta_server.added', payload: { server: name, dialect, url } },
        write: (db) => insertServer(db, workspaceId, { name, url, origin: 'person', sealedToken }),
      });
      return connectNow(name, url, sealedToken);
    },
    change: async (actor, name, { url, token }) => {
      const known = requireChangeable(name);
      const nextUrl = url ?? known.url;
      const sealedToken = token === undefined ? known.sealedToken : token === null ? null : seal.close(token);
      await commitServer(options, actor, {
        entry: { stream: systemStream, type: 'letta_server.changed', payload: { server: name, url: nextUrl } },
        write: (db) => insertServer(db, workspaceId, { name, url: nextUrl, origin: 'person', sealedToken }),
      });
      known.watch.stop();
      return connectNow(name, nextUrl, sealedToken);
    },
    remove: async (actor, name) => {
      const known = requireChangeable(name);
      await commitServer(options, actor, {
        entry: { stream: systemStream, type: 'letta_server.removed', payload: { server: name } },
        write: async (db) => {
          await db.query('DELETE FROM letta_server WHERE workspace_id = $1 AND name = $2', [workspaceId, name]);
        },
      });
      known.watch.stop();
      servers.delete(name);
      return toStatus(known);
    },
    tokenOf: (name) => {
      const { sealedToken } = requireServer(name);
      return sealedToken === null ? null : seal.open(sealedToken);
    },
    refresh,
    switchSandbox,
    close: async () => {
      for (const known of servers.values()) known.watch.stop();
      await Promise.all([...servers.values()].map((known) => known.stop()));
    },
  };
}

const toStatus = ({ name, origin, url, sealedToken, gateway, watch }: Known): LettaServerStatus => {
  const { state, version, reason, since } = watch.health();
  const sandbox = origin === 'sandbox';
  return {
    name,
    dialect: gateway.dialect,
    url,
    origin,
    sandbox,
    hasToken: sealedToken !== null,
    state,
    version,
    reason,
    since: since.toISOString(),
  };
};

async function commitServer(
  { ledger, workspaceId }: LettaServersOptions,
  actor: Actor,
  { entry, write }: { entry: NewEntry; write: (db: Queryable) => Promise<void> },
): Promise<void> {
  await ledger.append({
    workspaceId,
    actor,
    load: async () => null,
    decide: () => ({ ok: true, entries: [entry], write, answer: () => null }),
  });
}
