import { ConversationId, type WorkspaceId } from '@/lib/protocol/ids';
import type { ConversationSummaries, TaskSummaries } from '@/lib/protocol/socket';
import { fleetStream, type Stream } from '@/lib/protocol/stream';
import type { Clock } from '../clock';
import type { Log } from '../log';
import type { Channels } from './channels';
import { deltaText } from './event-text';
import type { LiveLimits } from './live-limits';
import type { LiveReader } from './live-reader';

/** What belongs together (a turn ends, a message is sent) is told together. */
const GATHER_MS = 50;

type SummariesNeeds = {
  workspaceId: WorkspaceId;
  channels: Pick<Channels, 'find'>;
  reader: Pick<LiveReader, 'conversations' | 'tasks'>;
  clock: Clock;
  limits: LiveLimits;
  log: Log;
};

/** Of which streams, and what is told about them. */
type Kind = { prefix: string; read(ids: readonly string[]): Promise<ConversationSummaries | TaskSummaries> };

/**
 * Tells whoever watches `fleet` how the conversations and tasks stand in which something happened. Volatile: what is
 * lost is told with the next change, or read by the lists themselves.
 */
export function createSummaries(needs: SummariesNeeds) {
  const { workspaceId, reader } = needs;
  const stream = fleetStream;
  const kinds = [
    createTelling(needs, {
      prefix: 'conversation:',
      async read(ids) {
        const conversations = [...(await reader.conversations(workspaceId, ids))];
        const known = new Set<string>(conversations.map(({ id }) => id));
        const gone = conversations.length < ids.length ? ids.filter((id) => !known.has(id)) : [];
        return { stream, conversations, gone: gone.map((id) => ConversationId.parse(id)) };
      },
    }),
    createTelling(needs, {
      prefix: 'task:',
      read: async (ids) => ({ stream, tasks: [...(await reader.tasks(workspaceId, ids))] }),
    }),
  ];
  return {
    moved(moved: Stream): void {
      for (const kind of kinds) kind.moved(moved);
    },
    stop(): void {
      for (const kind of kinds) kind.stop();
    },
  };
}

function createTelling({ workspaceId, channels, clock, limits, log }: SummariesNeeds, { prefix, read }: Kind) {
  const moved = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let toldAt = Number.NEGATIVE_INFINITY;
  let stopped = false;

  const watchers = () => channels.find(workspaceId, fleetStream);

  function soon(): void {
    if (timer || stopped) return;
    const restMs = toldAt + limits.summariesMs - clock.monotonicMs();
    timer = setTimeout(() => void tell(), Math.max(GATHER_MS, restMs));
  }

  async function tell(): Promise<void> {
    const ids = [...moved].slice(0, limits.summariesAtOnce);
    for (const id of ids) moved.delete(id);
    toldAt = clock.monotonicMs();
    try {
      watchers()?.whisper(deltaText(await read(ids)));
    } catch (error) {
      log.warn({ err: error }, `live stream: how ${prefix} streams stand could not be read`);
    }
    timer = undefined;
    if (moved.size > 0) soon();
  }

  return {
    moved(stream: Stream): void {
      if (!stream.startsWith(prefix) || !watchers()) return;
      moved.add(stream.slice(prefix.length));
      soon();
    },
    stop(): void {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
