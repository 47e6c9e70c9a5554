import { AppError, isAppError } from '@/lib/protocol/errors';
import type { TaskId } from '@/lib/protocol/ids';
import { taskStream } from '@/lib/protocol/stream';
import type { Caller } from '../access/caller';
import { readStream, streamHead } from '../ledger/read-entries';
import type { Runtime } from '../runtime';
import { requireTask } from './read-tasks';

const PAGE = 200;
/** Keeps the connection open, finds out that the reader has gone, and that its credential has. */
const BEAT_MS = 2_000;
const COMMENT = ': beat\n\n';

/**
 * The entries of a task as server-sent events: those after `lastEventId` (a streamSeq; null is the first), then each as
 * it comes, `id` its streamSeq, `event` its type, `data` the entry. Ends when the credential is no longer good for it, and when
 * Parley stops: whoever comes again with the last id misses nothing.
 * @throws AppError as readTask; `request.invalid`: no such place.
 */
export async function streamTask(
  rt: Pick<Runtime, 'database' | 'hub' | 'access' | 'log' | 'stopping'>,
  caller: Caller,
  taskId: TaskId,
  { lastEventId, signal }: { lastEventId: string | null; signal: AbortSignal },
): Promise<ReadableStream<Uint8Array>> {
  const { pool } = rt.database;
  await requireTask(pool, caller, taskId);
  const stream = taskStream(taskId);
  let after = await parsePlace(lastEventId, () => streamHead(pool, caller.workspaceId, stream));
  /** An agent's task may have become another's meanwhile. */
  const mayStillRead = async () =>
    caller.agentScope === null ||
    requireTask(pool, caller, taskId).then(
      () => true,
      (error: unknown) => {
        if (isAppError(error)) return false;
        throw error;
      },
    );
  const bell = createBell();
  const stops = [
    rt.hub.listen({
      moved: (which) => which === stream && bell.ring(),
      revoked: ({ kind, id }) => {
        if (kind === caller.credential.kind && id === caller.credential.id) bell.end();
      },
    }),
  ];
  const gone = AbortSignal.any([signal, rt.stopping]);
  const timer = setInterval(() => {
    rt.access.isStillValid(caller.credential).then(
      (isValid) => (isValid ? bell.beat() : bell.end()),
      (error: unknown) => rt.log.debug({ err: error }, 'a credential could not be checked'),
    );
  }, BEAT_MS);
  const close = () => {
    clearInterval(timer);
    for (const stop of stops.splice(0)) stop();
    bell.end();
  };
  if (gone.aborted) close();
  gone.addEventListener('abort', close, { once: true });
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      for (;;) {
        if (bell.hasEnded()) {
          close();
          controller.close();
          return;
        }
        const heard = bell.hear();
        if (!(await mayStillRead())) {
          bell.end();
          continue;
        }
        const entries = await readStream(pool, caller.workspaceId, stream, { after, limit: PAGE });
        if (entries.length > 0) {
          after = entries.at(-1)?.streamSeq ?? after;
          const events = entries.map(
            (entry) => `id: ${entry.streamSeq}\nevent: ${entry.type}\ndata: ${JSON.stringify(entry)}\n\n`,
          );
          controller.enqueue(encoder.encode(events.join('')));
          return;
        }
        if ((await heard) === 'beat') {
          controller.enqueue(encoder.encode(COMMENT));
          return;
        }
      }
    },
    cancel: close,
  });
}

async function parsePlace(lastEventId: string | null, head: () => Promise<number>): Promise<number> {
  if (lastEventId === null) return 0;
  const place = /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : Number.NaN;
  if (place <= (await head())) return place;
  throw new AppError('request.invalid', 'There is no such place in this stream.', {
    fields: { 'Last-Event-ID': 'not an id that this stream gave' },
  });
}

type Sound = 'ring' | 'beat' | 'end';

/** Lets one who waits hear of what happens, also of what happened since it last asked. */
function createBell() {
  let ended = false;
  let resolve: (sound: Sound) => void = () => undefined;
  return {
    /** Resolves with the next sound from now on. */
    hear: () =>
      new Promise<Sound>((settle) => {
        resolve = settle;
        if (ended) settle('end');
      }),
    ring: () => resolve('ring'),
    beat: () => resolve('beat'),
    end: () => {
      ended = true;
      resolve('end');
    },
    hasEnded: () => ended,
  };
}
