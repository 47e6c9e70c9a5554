import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { system } from '@/lib/protocol/actor';
import { isAppError } from '@/lib/protocol/errors';
import { ServerName, type WorkspaceId } from '@/lib/protocol/ids';
import type { LettaServer } from '@/lib/protocol/letta-server';
import { systemStream } from '@/lib/protocol/stream';
import type { Seal } from '../access/seal';
import type { Clock } from '../clock';
import type { Env } from '../env';
import type { NewEntry } from '../ledger/command';
import type { Ledger } from '../ledger/ledger';
import { streamHead } from '../ledger/read-entries';
import type { Log } from '../log';
import type { Gateway } from './gateway';
import {
  insertServer,
  readNamedServers,
  readRecorded,
  type ServerRow,
  writeRecorded,
  writeSeen,
} from './letta-server-rows';
import { openGateway } from './open-gateway';
import { startSandbox } from './sandbox/start-sandbox';
import { type ServerHealth, watchServer } from './watch-server';

export type LettaServersOptions = {
  env: Env;
  pool: Pool;
  ledger: Ledger;
  seal: Seal;
  clock: Clock;
  log: Log;
  workspaceId: WorkspaceId;
};

export type LettaConnection = ServerRow & {
  origin: LettaServer['origin'];
  gateway: Gateway;
  watch: ReturnType<typeof watchServer>;
  stop: () => Promise<void>;
};

export const sandboxName = ServerName.parse('sandbox');
export const environmentName = ServerName.parse('letta');

/** A Letta server takes longer than this to start (0.16.8: 20 s), and is looked at more often. */
const UNSEEN_MS = 15_000;
/** How often it is tried to record what nobody can record at the moment. */
const RECORD_AGAIN_MS = 500;

/** The connections that this instance holds: each is watched, and what becomes of it is recorded. */
export class LettaConnections {
  private readonly open = new Map<ServerName, LettaConnection>();
  private readonly options: LettaServersOptions;
  private readonly listeners = new Set<(server: ServerName) => void>();
  private readonly hungUp = new AbortController();
  private recording = Promise.resolve();

  constructor(options: LettaServersOptions) {
    this.options = options;
  }

  all(): LettaConnection[] {
    return [...this.open.values()];
  }

  find(name: ServerName): LettaConnection | undefined {
    return this.open.get(name);
  }

  /** Has `listener` told of each server that is connected from now on. Returns what ends that. */
  onConnected(listener: (server: ServerName) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Connects, in place of what was open under that name. */
  connect(
    { name, url, sealedToken }: ServerRow,
    origin: LettaConnection['origin'],
    stop: () => Promise<void> = () => Promise.resolve(),
  ): LettaConnection {
    const { seal, clock, log } = this.options;
    this.disconnect(name);
    const apiKey = sealedToken === null ? null : seal.open(sealedToken);
    const gateway = openGateway({ baseUrl: url, apiKey, log, hangUp: this.hungUp.signal });
    const watch = watchServer({
      ...{ gateway, clock },
      // One after the other: what is found after it was lost is not recorded before.
      onChange: (health) => {
        this.recording = this.recording.then(() => this.changed(name, health));
      },
      onSeen: (at) => void this.seen(name, at),
    });
    const connection = { name, url, sealedToken, origin, gateway, watch, stop };
    this.open.set(name, connection);
    return connection;
  }

  disconnect(name: ServerName): void {
    this.open.get(name)?.watch.stop();
    this.open.delete(name);
  }

  /** Connects to the server that the environment names. */
  async connectEnvironment(url: string, sealedToken: string | null): Promise<void> {
    const row = { name: environmentName, url, sealedToken };
    await insertServer(this.options.pool, this.options.workspaceId, { ...row, origin: 'environment' });
    this.connect(row, 'environment');
  }

  /** Connects to what people have named and is not connected yet, and lets go of what is named no more. */
  async refresh(): Promise<void> {
    const named = await readNamedServers(this.options.pool, this.options.workspaceId);
    for (const known of this.all().filter(({ origin }) => origin === 'person')) {
      const row = named.find((each) => each.name === known.name);
      if (row?.url !== known.url || row.sealedToken !== known.sealedToken) this.disconnect(known.name);
    }
    for (const row of named) {
      if (!this.open.has(row.name)) void this.connect(row, 'person').watch.checkNow();
    }
  }

  async switchSandbox(wanted: boolean): Promise<void> {
    const running = this.open.get(sandboxName);
    if (wanted && !running) await this.startSandbox();
    if (!wanted && running) {
      this.disconnect(sandboxName);
      await running.stop();
    }
  }

  /** No answer is waited for any more. That is no news of the servers: none of them is found lost by it. */
  hangUp(): void {
    for (const { watch } of this.all()) watch.stop();
    this.hungUp.abort();
  }

  async close(): Promise<void> {
    const all = this.all();
    this.hangUp();
    await Promise.all(all.map(({ stop }) => stop()));
  }

  private async startSandbox(): Promise<void> {
    const { env, pool, workspaceId, log, clock } = this.options;
    const { sandboxPaceMs } = env;
    const pace =
      sandboxPaceMs === undefined ? {} : { paceMs: sandboxPaceMs === 0 ? ('instant' as const) : sandboxPaceMs };
    const sandbox = await startSandbox({ pool, workspaceId, host: '127.0.0.1', log, clock, ...pace });
    const row = { name: sandboxName, url: sandbox.url, sealedToken: null };
    await insertServer(pool, workspaceId, { ...row, origin: 'sandbox' });
    await this.connect(row, 'sandbox', sandbox.stop).watch.checkNow();
  }

  private async changed(name: ServerName, health: ServerHealth): Promise<void> {
    const { state, version, reason } = health;
    this.options.log.info({ server: name, state, reason }, 'a Letta server');
    const isConnected = state === 'connected';
    const payload = { server: name };
    await this.recordSurely(
      name,
      health,
      isConnected
        ? { stream: systemStream, type: 'letta.connected', payload: { ...payload, version } }
        : { stream: systemStream, type: 'letta.lost', payload: { ...payload, reason: reason ?? 'unknown' } },
    );
    // INVARIANT: only now, when it is known whether it started anew: whoever is told looks up what ran there.
    if (isConnected) for (const listener of this.listeners) listener(name);
  }

  /** Nothing else tells whether it has started anew: where nothing can be recorded, that is waited for. */
  private async recordSurely(server: ServerName, health: ServerHealth, entry: NewEntry): Promise<void> {
    const { signal } = this.hungUp;
    for (;;) {
      try {
        return await this.record(server, health, entry);
      } catch (err) {
        const isOver = signal.aborted || !isAppError(err) || err.code !== 'ledger.unavailable';
        if (isOver) return this.options.log.warn({ err, server }, 'the state of a Letta server could not be recorded');
        await delay(RECORD_AGAIN_MS, undefined, { signal }).catch(() => undefined); // aborted: once more, and no more
      }
    }
  }

  /** The ledger says once that a server was found or lost, however many instances see it. */
  private async record(server: ServerName, { since, wasDown }: ServerHealth, entry: NewEntry): Promise<void> {
    const { ledger, workspaceId } = this.options;
    const recorded = entry.type === 'letta.connected' ? 'connected' : 'lost';
    await ledger.append({
      workspaceId,
      actor: system,
      load: async (db) => ({
        // INVARIANT: the head first: what another instance records in between then counts as a move.
        streamSeq: await streamHead(db, workspaceId, systemStream),
        before: await readRecorded(db, workspaceId, server),
      }),
      decide: ({ before, streamSeq }) => ({
        ok: true,
        entries: before === recorded || (before === null && recorded === 'lost') ? [] : [entry],
        expects: [{ stream: systemStream, streamSeq }],
        write: (db) => writeRecorded(db, workspaceId, server, { recorded, wasDown, at: since }),
        answer: () => null,
      }),
    });
  }

  private async seen(server: ServerName, at: Date): Promise<void> {
    const { pool, workspaceId, log } = this.options;
    await writeSeen(pool, workspaceId, server, { at, unseenMs: UNSEEN_MS }).catch((err: unknown) =>
      log.debug({ err, server }, 'that a Letta server is well could not be noted'),
    );
  }
}
