import type { Log } from '../log';
import type { Channel, Follower } from './channel';

const AGAIN_AFTER_MS = 250;

/** One stream as one socket watches it. */
export type Watch = Follower & { readonly channel: Channel };

/**
 * Brings the watches of one socket that are behind up to their heads, in turn and as credit allows. It holds cursors
 * only: nothing is read before it can be sent.
 */
export type Pump = {
  add(watch: Watch): void;
  remove(watch: Watch): void;
  has(watch: Watch): boolean;
  /** Goes on, if it can. To be called when credit came back. */
  run(): void;
  stop(): void;
};

export function createPump({ hasCredit, log }: { hasCredit: () => boolean; log: Log }): Pump {
  const behind = new Set<Watch>(); // the first is the next
  let loading = false;
  let again: NodeJS.Timeout | undefined;

  function run(): void {
    while (!loading && !again && hasCredit()) {
      const [watch] = behind;
      if (!watch) return;
      behind.delete(watch);
      if (watch.cursor >= watch.channel.head()) continue;
      behind.add(watch);
      const piece = watch.channel.take(watch.cursor);
      if (piece) give(watch, piece);
      else void load(watch);
    }
  }

  function give(watch: Watch, piece: { text: string; to: number }): void {
    watch.cursor = piece.to;
    watch.send(piece.text);
    if (watch.cursor >= watch.channel.head()) behind.delete(watch);
  }

  async function load(watch: Watch): Promise<void> {
    loading = true;
    const after = watch.cursor;
    try {
      const piece = await watch.channel.load(after);
      if (piece && behind.has(watch) && watch.cursor === after) give(watch, piece);
      if (!piece) wait();
    } catch (error) {
      log.warn({ err: error, stream: watch.channel.stream }, 'live stream: the ledger could not be read');
      wait();
    } finally {
      loading = false;
    }
    run();
  }

  function wait(): void {
    again = setTimeout(() => {
      again = undefined;
      run();
    }, AGAIN_AFTER_MS);
  }

  return {
    add(watch) {
      behind.add(watch);
      run();
    },
    remove: (watch) => void behind.delete(watch),
    has: (watch) => behind.has(watch),
    run,
    stop() {
      clearTimeout(again);
      behind.clear();
    },
  };
}
