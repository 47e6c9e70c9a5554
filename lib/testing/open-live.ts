import { onTestFinished } from 'vitest';
import type { LiveLimits } from '@/lib/server/live/live-limits';
import { createLiveLedger } from './live-ledger';
import { connectLiveClient, type LiveClient, startLiveServer } from './live-server';

/** A live stream over a ledger in memory, and clients of it; all of it is closed after the test. */
export async function openLive(limits: Partial<LiveLimits> = {}) {
  const ledger = createLiveLedger();
  const server = await startLiveServer(ledger, limits);
  onTestFinished(() => server.stop());
  const connectTo = async (options?: Parameters<typeof connectLiveClient>[1]): Promise<LiveClient> => {
    const client = connectLiveClient(server.url, options);
    onTestFinished(() => void client.close());
    await client.connected();
    return client;
  };
  return { ledger, server, connectTo };
}
