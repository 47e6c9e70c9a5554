import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { ServerName } from '@/lib/protocol/ids';
import type { LettaState } from '@/lib/protocol/letta-server';
import { type RunningSandbox, startSandbox } from '@/lib/server/letta/sandbox/start-sandbox';
import { createLog } from '@/lib/server/log';
import { createTestRuntime, type TestRuntime } from './test-runtime';

/** Its name in Parley. */
export const apart = ServerName.parse('apart');

/** A Letta that stops and starts apart from Parley, on its own port and with its own state. */
export type LettaApart = {
  t: TestRuntime;
  /** It stops, or comes back on the port that it had. Parley is not waited for. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** The same, until Parley has noticed. */
  goes(): Promise<void>;
  comes(): Promise<void>;
  /** Parley finds it so. */
  becomes(state: LettaState): Promise<unknown>;
  close(): Promise<void>;
};

/** A whole runtime without its own sandbox, and one that it is connected to as to any other Letta. */
export async function lettaApart(): Promise<LettaApart> {
  const t = await createTestRuntime({ PARLEY_SANDBOX: 'off' });
  const workspaceId = randomUUID();
  const log = createLog({ logLevel: 'silent' });
  const startOn = (port: number): Promise<RunningSandbox> =>
    startSandbox({ pool: t.database.pool, workspaceId, host: '127.0.0.1', port, log, paceMs: 'instant' });
  let letta = await startOn(0);
  const port = Number(new URL(letta.url).port);
  await t.rt.letta.add(t.ana.actor, { name: apart, dialect: 'rest', url: letta.url });

  const stop = () => letta.stop();
  const start = async () => {
    letta = await startOn(port);
  };
  const becomes = (state: LettaState) =>
    expect.poll(() => t.rt.letta.require(apart).status.state, { timeout: 40_000, interval: 50 }).toBe(state);
  return {
    ...{ t, stop, start, becomes },
    goes: async () => {
      await stop();
      await becomes('lost');
    },
    comes: async () => {
      await start();
      await becomes('connected');
    },
    close: async () => {
      await t.close();
      await stop();
    },
  };
}
