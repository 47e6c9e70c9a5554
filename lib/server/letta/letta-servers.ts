import type { Actor } from '@/lib/protocol/actor';
import { AppError } from '@/lib/protocol/errors';
import type { ServerName } from '@/lib/protocol/ids';
import {
  type AddLettaServer,
  addressProblem,
  type ChangeLettaServer,
  type LettaServer,
} from '@/lib/protocol/letta-server';
import { systemStream } from '@/lib/protocol/stream';
import type { NewEntry, Queryable, Refusal } from '../ledger/command';
import { refusalError } from '../ledger/commit-batch';
import { streamHead } from '../ledger/read-entries';
import type { Gateway } from './gateway';
import {
  environmentName,
  type LettaConnection,
  LettaConnections,
  type LettaServersOptions,
  sandboxName,
} from './letta-connections';
import { insertServer, readNamedServers, readReturns, type ServerRow } from './letta-server-rows';

export type LettaServerStatus = LettaServer;

/**
 * `certain`: it was down and came back, or is the sandbox, which starts with Parley · `possible`: for longer than it takes
 * to start nobody looked, since Parley was away itself or could not reach it · `none`: it was there all the time.
 */
export type Restart = 'certain' | 'possible' | 'none';

/** The Letta servers that this installation talks to, each with its own state and its own reconnection. */
export type LettaServers = {
  list(): LettaServerStatus[];
  /** Throws `letta_server.not_found`. */
  require(name: ServerName): { gateway: Gateway; status: LettaServerStatus };
  /** Looks at once how a server is. False where it is not connected, or there is none of that name. */
  isThere(name: ServerName): Promise<boolean>;
  /** Whether a server has started anew since `moment`, so that whatever ran on it then is over. */
  hasRestarted(name: ServerName, moment: Date): Promise<Restart>;
  /** Has `listener` told of each server that is connected from now on. Returns what ends that. */
  onConnected(listener: (server: ServerName) => void): () => void;
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
  /** Waits for no answer any more, for the program stops: a server that hangs must not hold it up. */
  hangUp(): void;
  close(): Promise<void>;
};

export async function createLettaServers(options: LettaServersOptions): Promise<LettaServers> {
  const { env, seal } = options;
  const connections = new LettaConnections(options);
  const closed = (token: string | null) => (token === null ? null : seal.close(token));
  if (env.lettaAppServerUrl)
    options.log.warn('LETTA_APP_SERVER_URL is not used: this version speaks the REST dialect alone');
  if (env.lettaBaseUrl) await connections.connectEnvironment(env.lettaBaseUrl, closed(env.lettaApiKey));
  await connections.refresh();
  await Promise.all(connections.all().map(({ watch }) => watch.checkNow()));
  return {
    list: () => connections.all().map(toStatus),
    require: (name) => {
      const known = requireServer(connections, name);
      return { gateway: known.gateway, status: toStatus(known) };
    },
    isThere: async (name) => {
      await connections.find(name)?.watch.checkNow();
      return connections.find(name)?.watch.health().state === 'connected';
    },
    hasRestarted: (name, moment) => hasRestarted(options, connections, name, moment),
    onConnected: (listener) => connections.onConnected(listener),
    requireChangeable: (name) => void requireChangeable(connections, name),
    tokenOf: (name) => {
      const { sealedToken } = requireServer(connections, name);
      return sealedToken === null ? null : seal.open(sealedToken);
    },
    refresh: () => connections.refresh(),
    switchSandbox: (wanted) => connections.switchSandbox(wanted),
    hangUp: () => connections.hangUp(),
    close: () => connections.close(),
    ...changesOf(options, connections),
  };
}

async function hasRestarted(
  { pool, workspaceId }: LettaServersOptions,
  connections: LettaConnections,
  name: ServerName,
  moment: Date,
): Promise<Restart> {
  const known = connections.find(name);
  if (known?.origin === 'sandbox') return known.watch.health().since > moment ? 'certain' : 'none';
  // Not from memory: whoever saw it may have been another instance, or this one before it started.
  const { returnedAt, unseenUntil } = await readReturns(pool, workspaceId, name);
  if (returnedAt && returnedAt > moment) return 'certain';
  return unseenUntil && unseenUntil > moment ? 'possible' : 'none';
}

/** What people may add, change and take away. */
function changesOf(
  options: LettaServersOptions,
  connections: LettaConnections,
): Pick<LettaServers, 'add' | 'change' | 'remove'> {
  const { workspaceId, seal } = options;
  const commit = async (actor: Actor, entry: NewEntry, row: ServerRow) => {
    await commitServer(options, actor, {
      entry,
      server: row.name,
      write: (db) => insertServer(db, workspaceId, { ...row, origin: 'person' }),
    });
    const known = connections.connect(row, 'person');
    await known.watch.checkNow();
    return toStatus(known);
  };
  return {
    add: async (actor, { name, dialect, url, token }) => {
      if (dialect !== 'rest') {
        const fields = { dialect: 'rest is the only one in this version' };
        throw new AppError('request.invalid', 'The App Server dialect is not built yet.', { fields });
      }
      if (connections.find(name) || [sandboxName, environmentName].includes(name)) throw refusalError(taken(name));
      const entry = {
        stream: systemStream,
        type: 'letta_server.added' as const,
        payload: { server: name, dialect, url },
      };
      return commit(actor, entry, { name, url, sealedToken: token === undefined ? null : seal.close(token) });
    },
    change: async (actor, name, { url, token }) => {
      const known = requireChangeable(connections, name);
      const wrong = url === undefined ? null : addressProblem(known.gateway.dialect, url);
      if (wrong)
        throw new AppError('request.invalid', 'This is no address of such a server.', { fields: { url: wrong } });
      const nextUrl = url ?? known.url;
      const sealedToken = token === undefined ? known.sealedToken : token === null ? null : seal.close(token);
      const payload = { server: name, url: nextUrl };
      const entry = { stream: systemStream, type: 'letta_server.changed' as const, payload };
      return commit(actor, entry, { name, url: nextUrl, sealedToken });
    },
    remove: async (actor, name) => {
      const known = requireChangeable(connections, name);
      await commitServer(options, actor, {
        entry: { stream: systemStream, type: 'letta_server.removed', payload: { server: name } },
        server: name,
        write: async (db) => {
          await db.query('DELETE FROM letta_server WHERE workspace_id = $1 AND name = $2', [workspaceId, name]);
        },
      });
      connections.disconnect(name);
      return toStatus(known);
    },
  };
}

function requireServer(connections: LettaConnections, name: ServerName): LettaConnection {
  const known = connections.find(name);
  if (!known) throw refusalError(unknown(name));
  return known;
}

const taken = (name: ServerName): Refusal => ({
  ok: false,
  code: 'server.taken',
  message: `There is a server called “${name}” already.`,
  fields: { name: 'taken' },
});

const unknown = (name: ServerName): Refusal => ({
  ok: false,
  code: 'letta_server.not_found',
  message: `No Letta server is called “${name}”.`,
});

function requireChangeable(connections: LettaConnections, name: ServerName): LettaConnection {
  const known = requireServer(connections, name);
  if (known.origin === 'person') return known;
  const why = known.origin === 'sandbox' ? 'is switched on and off in the settings' : 'is set by LETTA_BASE_URL';
  throw new AppError('letta_server.fixed', `“${name}” ${why}; it cannot be changed here.`);
}

const toStatus = ({ name, origin, url, sealedToken, gateway, watch }: LettaConnection): LettaServerStatus => {
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

type ServerChange = { entry: NewEntry; server: ServerName; write: (db: Queryable) => Promise<void> };

/** Of several who add, change or remove a server at once, each is decided on what the one before has left. */
async function commitServer(
  { ledger, workspaceId }: LettaServersOptions,
  actor: Actor,
  { entry, server, write }: ServerChange,
): Promise<void> {
  const isNew = entry.type === 'letta_server.added';
  await ledger.append({
    workspaceId,
    actor,
    load: async (db) => ({
      position: await streamHead(db, workspaceId, systemStream),
      isThere: (await readNamedServers(db, workspaceId)).some(({ name }) => name === server),
    }),
    decide: ({ position, isThere }) => {
      if (isThere === isNew) return isNew ? taken(server) : unknown(server);
      const expects = [{ stream: systemStream, streamSeq: position }];
      return { ok: true, entries: [entry], expects, write, answer: () => null };
    },
  });
}
