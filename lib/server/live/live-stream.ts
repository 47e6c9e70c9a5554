import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '@/lib/protocol/errors';
import type { WorkspaceId } from '@/lib/protocol/ids';
import { type Goodbye, type UnwatchAck, Viewing } from '@/lib/protocol/socket';
import { inboxStream, systemStream } from '@/lib/protocol/stream';
import type { Caller } from '../access/caller';
import type { Clock } from '../clock';
import { parseInput } from '../http/parse-input';
import type { Hub } from '../hub';
import type { Log } from '../log';
import type { Channel } from './channel';
import { createChannels } from './channels';
import { createCredentials } from './credentials';
import type { Credit, Wire } from './credit';
import { meterCredit } from './credit';
import type { DraftViewers, Onlooker } from './draft-viewers';
import { watchEpoch } from './epoch';
import { deltaText } from './event-text';
import { every } from './every';
import type { LiveLimits } from './live-limits';
import type { LiveReader } from './live-reader';
import { mayMoveOn, mayWatch } from './may-watch';
import { toRefusal } from './refusal';
import { createSummaries } from './summaries';
import type { Viewer } from './viewer';
import { createViewer } from './viewer';

type Handshake = { headers: IncomingHttpHeaders; auth: Record<string, unknown> };

/** What the live stream needs of the program. The runtime is one. */
export type LiveRuntime = {
  workspaceId: WorkspaceId;
  log: Log;
  clock: Clock;
  hub: Pick<Hub, 'listen'>;
  draftViewers: Pick<DraftViewers, 'enter' | 'onChange'>;
  access: {
    callerOfSocket(handshake: Handshake): Promise<Caller | null>;
    isStillValid(credential: Caller['credential']): Promise<boolean>;
  };
};

/** A connected socket as the live stream uses it. `write` takes the text of one Socket.IO packet. */
export type Line = { wire: Wire; write(text: string): void; end(goodbye: Goodbye): void };

export type LiveStats = {
  sockets: number;
  watches: number;
  streams: number;
  unsentBytes: number;
  mostUnsentBytes: number;
  cacheBytes: number;
};

/** The live stream behind the sockets: who is connected, what they watch, and how news reaches them. */
export type LiveStream = {
  /** Whose socket this is. Throws `auth.required`, `request.too_many`, `ledger.unavailable`. */
  admit(handshake: Handshake): Promise<Caller>;
  join(caller: Caller, line: Line): Viewer & Looking;
  stats(): LiveStats;
  /** Says goodbye to everyone and stops. */
  stop(): void;
};

/** Says which drafts are open on the page behind a socket. */
type Looking = { viewing(request: unknown, answer: (ack: UnwatchAck) => void): void };

type Member = { viewer: Viewer; credit: Credit; end(goodbye: Goodbye): void };

const goodbyes = {
  revoked: { reason: 'revoked', message: 'What this connection came in by is no longer good. Sign in again.' },
  lagging: { reason: 'lagging', message: 'This connection took nothing for too long. Connect and watch again.' },
  stopping: { reason: 'stopping', message: 'Parley is stopping or starting again. Connect again in a moment.' },
} as const satisfies Record<Goodbye['reason'], Goodbye>;

export function createLiveStream(rt: LiveRuntime, reader: LiveReader, limits: LiveLimits): LiveStream {
  const { log, clock, workspaceId } = rt;
  const channels = createChannels(reader, clock, limits);
  const credentials = createCredentials(rt.access.isStillValid, log);
  const epoch = watchEpoch(reader, workspaceId);
  const members = new Set<Member>();
  /** Of agents' keys, whose tasks may become another's. */
  const bound = new Set<Viewer>();
  const summaries = createSummaries({ workspaceId, channels, reader, clock, limits, log });

  const endAll = (goodbye: Goodbye) => {
    for (const member of [...members]) member.end(goodbye);
  };

  const deafen = rt.hub.listen({
    moved(stream, head, entries) {
      // A redaction is an entry of `system`, and other instances' entries come unseen: forget rather than leak.
      if (
        stream === systemStream &&
        (entries.length === 0 || entries.some(({ type }) => type === 'payload.redacted'))
      ) {
        channels.forget();
      }
      if (mayMoveOn(stream, entries)) for (const viewer of bound) viewer.recheck(stream);
      channels.find(workspaceId, stream)?.advance(head, entries);
      summaries.moved(stream);
    },
    delta: (delta) => channels.find(workspaceId, delta.stream)?.whisper(deltaText(delta)),
    revoked: credentials.revoke,
  });
  const overlook = rt.draftViewers.onChange((viewed) =>
    channels.find(workspaceId, inboxStream)?.whisper(deltaText({ stream: inboxStream, viewed })),
  );

  function look(caller: Caller, onlooker: Onlooker, request: unknown): void {
    if (caller.agentScope !== null) throw new AppError('auth.forbidden', `You may not watch ${inboxStream}.`);
    onlooker.look(parseInput(Viewing, request).draftIds);
  }

  async function beatOne(channel: Channel): Promise<void> {
    try {
      await channels.refresh(channel); // news between instances may get lost; then this is what finds it
    } catch (error) {
      log.warn({ err: error, stream: channel.stream }, 'live stream: the head of a stream could not be read');
    }
    channel.beat();
  }

  async function beat(): Promise<void> {
    try {
      if (members.size > 0 && (await epoch.changed())) endAll(goodbyes.stopping); // a ledger restored beneath us
    } catch (error) {
      log.warn({ err: error }, 'live stream: the epoch of the ledger could not be read');
    }
    for (const channel of channels.all()) await beatOne(channel);
  }

  function dismissStuck(): void {
    for (const { credit, end } of [...members]) {
      const stuck = credit.unsent() >= limits.creditBytes && credit.stuckForMs() >= limits.stalledMs;
      if (stuck || credit.unsent() > limits.unsentMaxBytes) end(goodbyes.lagging);
    }
  }

  const stops = [
    every(limits.beaconMs, beat),
    every(limits.sweepMs, credentials.sweep),
    every(Math.min(1_000, limits.stalledMs / 4), dismissStuck),
  ];

  return {
    async admit(handshake) {
      const caller = await rt.access.callerOfSocket(handshake);
      if (!caller) throw new AppError('auth.required', 'Sign in, or give a key as `auth.token` or in `Authorization`.');
      if (credentials.carried(caller.credential) >= limits.socketsPerCredential) {
        throw new AppError(
          'request.too_many',
          `At most ${limits.socketsPerCredential} sockets may use one credential.`,
        );
      }
      return caller;
    },
    join(caller, line) {
      const credit = meterCredit(line.wire, clock, () => viewer.goOn());
      const viewer = createViewer({
        ...{ caller, channels, epoch, credit, limits, log, write: line.write },
        mayWatch: (stream) => mayWatch(caller, stream, reader),
      });
      const onlooker = rt.draftViewers.enter(caller.actor);
      let left = false;
      const leave = () => {
        if (left) return;
        left = true;
        forgo();
        members.delete(member);
        bound.delete(viewer);
        viewer.leave();
        onlooker.leave();
      };
      const end = (goodbye: Goodbye) => {
        if (left) return;
        leave();
        line.end(goodbye);
      };
      const member: Member = { viewer, credit, end };
      members.add(member);
      if (caller.agentScope !== null) bound.add(viewer);
      const forgo = credentials.add(caller.credential, () => end(goodbyes.revoked));
      return {
        ...viewer,
        leave,
        viewing(request, answer) {
          try {
            if (!left) look(caller, onlooker, request);
            answer({ ok: true });
          } catch (error) {
            answer(toRefusal(error, log));
          }
        },
      };
    },
    stats() {
      const unsent = [...members].map(({ credit }) => credit.unsent());
      return {
        sockets: members.size,
        watches: [...members].reduce((sum, { viewer }) => sum + viewer.watching(), 0),
        streams: channels.all().length,
        unsentBytes: unsent.reduce((sum, bytes) => sum + bytes, 0),
        mostUnsentBytes: Math.max(0, ...unsent),
        cacheBytes: channels.cacheBytes(),
      };
    },
    stop() {
      deafen();
      overlook();
      summaries.stop();
      for (const stop of stops) stop();
      endAll(goodbyes.stopping);
    },
  };
}
