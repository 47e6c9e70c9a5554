import { AppError, isAppError } from '@/lib/protocol/errors';
import type { UnwatchAck, WatchAck } from '@/lib/protocol/socket';
import { Unwatch, Watch as WatchRequest } from '@/lib/protocol/socket';
import type { Stream } from '@/lib/protocol/stream';
import type { Caller } from '../access/caller';
import { parseInput } from '../http/parse-input';
import type { Log } from '../log';
import type { Channel } from './channel';
import type { Channels } from './channels';
import type { Credit } from './credit';
import type { LedgerEpoch } from './epoch';
import { unwatchedText } from './event-text';
import type { LiveLimits } from './live-limits';
import { placeWatch } from './place-watch';
import type { Watch } from './pump';
import { createPump } from './pump';
import { toRefusal } from './refusal';

/** One connected socket and what it watches. */
export type Viewer = {
  watch(request: unknown, answer: (ack: WatchAck) => void): void;
  unwatch(request: unknown, answer: (ack: UnwatchAck) => void): void;
  /** Asks anew whether this stream may be watched, where it is: its task may be another's by now. */
  recheck(stream: Stream): void;
  /** Credit came back. */
  goOn(): void;
  watching(): number;
  leave(): void;
};

type ViewerNeeds = {
  caller: Caller;
  channels: Channels;
  epoch: LedgerEpoch;
  credit: Pick<Credit, 'unsent'>;
  limits: LiveLimits;
  log: Log;
  write: (text: string) => void;
  mayWatch: (stream: Stream) => Promise<boolean>;
};

export function createViewer({ caller, channels, epoch, credit, limits, log, write, mayWatch }: ViewerNeeds): Viewer {
  const watches = new Map<Stream, Watch>();
  const turns = new Map<Stream, Promise<void>>();
  let gone = false;
  let waiting = 0;
  let opening = 0;
  const hasCredit = () => credit.unsent() < limits.creditBytes;
  const pump = createPump({ hasCredit, log });

  function toWatch(channel: Channel, cursor: number): Watch {
    const watch: Watch = {
      channel,
      cursor,
      ready: () => hasCredit() && !pump.has(watch),
      send: write,
      sendVolatile: (text) => {
        if (credit.unsent() < limits.deltaCreditBytes) write(text);
      },
      fallBehind: () => pump.add(watch),
    };
    return watch;
  }

  function drop(stream: Stream): void {
    const watch = watches.get(stream);
    if (!watch) return;
    watches.delete(stream);
    pump.remove(watch);
    watch.channel.followers.delete(watch);
    channels.release(watch.channel);
  }

  async function begin(request: WatchRequest, answer: (ack: WatchAck) => void): Promise<void> {
    const { stream } = request;
    const channel = await readable(channels.hold(caller.workspaceId, stream));
    try {
      const ledger = await readable(epoch.current());
      if ((request.after ?? 0) > channel.head()) await readable(channels.refresh(channel));
      drop(stream);
      if (gone) return channels.release(channel);
      const head = channel.head();
      const { cursor, limited } = placeWatch(request, ledger, head);
      const watch = toWatch(channel, cursor);
      // INVARIANT: from the reading of the head to the following nothing may be awaited, and the ack goes first.
      answer({ ok: true, epoch: ledger, head, ...(limited && { limited }) });
      watches.set(stream, watch);
      channel.followers.add(watch);
      watch.fallBehind();
    } catch (error) {
      channels.release(channel);
      throw error;
    }
  }

  /** Requests about one stream are carried out in the order in which they came. */
  async function inTurn(stream: Stream, work: () => Promise<void> | void): Promise<void> {
    if (waiting >= limits.watchesPerSocket) {
      throw new AppError('request.too_many', 'Too many requests of this socket are waiting: wait for their answers.');
    }
    waiting += 1;
    const turn = (turns.get(stream) ?? Promise.resolve()).then(work);
    const settled = turn.catch(() => undefined);
    turns.set(stream, settled);
    try {
      await turn;
    } finally {
      waiting -= 1;
      if (turns.get(stream) === settled) turns.delete(stream);
    }
  }

  async function onWatch(request: unknown, answer: (ack: WatchAck) => void): Promise<void> {
    const parsed = parseInput(WatchRequest, request);
    const { stream } = parsed;
    await inTurn(stream, async () => {
      if (!(await readable(mayWatch(stream)))) throw forbidden(stream);
      if (!watches.has(stream) && watches.size + opening >= limits.watchesPerSocket) {
        throw new AppError('request.too_many', `A socket watches at most ${limits.watchesPerSocket} streams.`);
      }
      opening += 1;
      await begin(parsed, answer).finally(() => {
        opening -= 1;
      });
    });
  }

  const forbidden = (stream: Stream) => new AppError('auth.forbidden', `You may not watch ${stream}.`);

  async function recheck(stream: Stream): Promise<void> {
    if (!watches.has(stream)) return;
    await inTurn(stream, async () => {
      if (!watches.has(stream) || (await mayWatch(stream))) return;
      drop(stream);
      write(unwatchedText({ stream, error: toRefusal(forbidden(stream), log).error }));
    });
  }

  async function onUnwatch(request: unknown, answer: (ack: UnwatchAck) => void): Promise<void> {
    const { stream } = parseInput(Unwatch, request);
    await inTurn(stream, () => drop(stream));
    answer({ ok: true });
  }

  return {
    watch: (request, answer) => void onWatch(request, answer).catch((error) => answer(toRefusal(error, log))),
    unwatch: (request, answer) => void onUnwatch(request, answer).catch((error) => answer(toRefusal(error, log))),
    recheck: (stream) =>
      void recheck(stream).catch((err: unknown) =>
        log.warn({ err, stream }, 'live stream: a watch could not be checked'),
      ),
    goOn: pump.run,
    watching: () => watches.size,
    leave() {
      gone = true;
      pump.stop();
      for (const stream of [...watches.keys()]) drop(stream);
    },
  };
}

/** What the database could not answer is told as such: the client asks again. */
async function readable<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    if (isAppError(cause)) throw cause;
    throw new AppError('ledger.unavailable', 'The ledger cannot be read now. Watch again in a moment.', { cause });
  }
}
