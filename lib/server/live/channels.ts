import type { WorkspaceId } from '@/lib/protocol/ids';
import type { Stream } from '@/lib/protocol/stream';
import type { Clock } from '../clock';
import type { Channel } from './channel';
import { createChannel } from './channel';
import { createEntryCache } from './entry-cache';
import type { LiveLimits } from './live-limits';
import type { LiveReader } from './live-reader';

/** The streams that somebody watches here. A channel lives as long as it is held. */
export type Channels = {
  /** Holds the stream's channel; resolves when its head is known. Rejects as the reader does. */
  hold(workspaceId: WorkspaceId, stream: Stream): Promise<Channel>;
  release(channel: Channel): void;
  find(workspaceId: WorkspaceId, stream: Stream): Channel | undefined;
  /** Reads where the stream stands, in case news of it was lost. */
  refresh(channel: Channel): Promise<void>;
  all(): Channel[];
  /** Forgets what was encoded: some payload may have been erased. */
  forget(): void;
  cacheBytes(): number;
};

type Held = { key: string; workspaceId: WorkspaceId; channel: Channel; holds: number; ready: Promise<void> };

export function createChannels(reader: LiveReader, clock: Clock, limits: LiveLimits): Channels {
  const cache = createEntryCache(limits.cacheBytes);
  const byKey = new Map<string, Held>();
  const byChannel = new Map<Channel, Held>();
  const keyOf = (workspaceId: WorkspaceId, stream: Stream) => `${workspaceId} ${stream}`;

  const refresh = async (channel: Channel): Promise<void> => {
    const held = byChannel.get(channel);
    if (held) channel.advance(await reader.head(held.workspaceId, channel.stream), []);
  };

  function open(workspaceId: WorkspaceId, stream: Stream): Held {
    const key = keyOf(workspaceId, stream);
    const read = (range: { after: number; limit: number }) => reader.entries(workspaceId, stream, range);
    const channel = createChannel({ key, stream, cache, clock, limits, read });
    const held: Held = { key, workspaceId, channel, holds: 0, ready: Promise.resolve() };
    byKey.set(key, held); // before the head is read: what is committed meanwhile must not be missed
    byChannel.set(channel, held);
    held.ready = refresh(channel);
    return held;
  }

  function release(channel: Channel): void {
    const held = byChannel.get(channel);
    if (!held) return;
    held.holds -= 1;
    if (held.holds > 0) return;
    channel.stop();
    byKey.delete(held.key);
    byChannel.delete(channel);
  }

  return {
    async hold(workspaceId, stream) {
      const held = byKey.get(keyOf(workspaceId, stream)) ?? open(workspaceId, stream);
      held.holds += 1;
      try {
        await held.ready;
      } catch (error) {
        release(held.channel);
        throw error;
      }
      return held.channel;
    },
    release,
    find: (workspaceId, stream) => byKey.get(keyOf(workspaceId, stream))?.channel,
    refresh,
    all: () => [...byChannel.keys()],
    forget: () => cache.clear(),
    cacheBytes: cache.bytes,
  };
}
