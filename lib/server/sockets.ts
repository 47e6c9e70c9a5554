import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Socket } from 'socket.io';
import { Server } from 'socket.io';
import type { ClientToServer, Goodbye, ServerToClient } from '@/lib/protocol/socket';
import { SOCKET_PATH } from '@/lib/protocol/socket';
import {
  AGENT_NAMESPACE,
  type AgentPush,
  type AgentPushEvent,
  type AgentToServer,
  type ServerToAgent,
} from '@/lib/protocol/task-socket';
import type { Caller } from './access/caller';
import type { GuardRules } from './http/guard';
import { guardRequest } from './http/guard';
import { type AgentLink, type AgentLinkRuntime, createAgentLink } from './live/agent-link';
import { cut } from './live/cut';
import type { LiveLimits } from './live/live-limits';
import { liveLimits } from './live/live-limits';
import type { LiveReader } from './live/live-reader';
import { ledgerReader } from './live/live-reader';
import type { LiveRuntime, LiveStats, LiveStream } from './live/live-stream';
import { createLiveStream } from './live/live-stream';
import { toRefusal } from './live/refusal';
import { refuseHandshake } from './live/refuse-handshake';
import type { Log } from './log';

type Nothing = Record<never, never>;
type In = ClientToServer & AgentToServer;
type Out = ServerToClient & ServerToAgent;
type Io = Server<In, Out, Nothing, { caller: Caller }>;
type IoSocket = Socket<In, Out, Nothing, { caller: Caller }>;

/** How long an agent has to say that it got what was pushed to it. */
const RECEIPT_MS = 10_000;

export type Sockets = {
  /** Says goodbye, closes every connection, and takes no new ones. The HTTP server stays as it is. */
  close(): Promise<void>;
  stats(): LiveStats;
};

/** What the sockets need of the program besides the live stream's own needs. The runtime is one. */
export type SocketsRuntime = LiveRuntime & { env: GuardRules };

/**
 * Opens the live stream on an HTTP server, under SOCKET_PATH (contract: Socket.IO). Attach after the server's own
 * request listener: this one answers only its path and passes everything else on.
 */
export const attachSockets = (httpServer: HttpServer, rt: SocketsRuntime & AgentLinkRuntime): Sockets =>
  openSockets(httpServer, rt, ledgerReader(rt.database.pool), {}, createAgentLink(rt, liveLimits));

/** The same over any source of entries, within other limits. */
export function openSockets(
  httpServer: HttpServer,
  rt: SocketsRuntime,
  reader: LiveReader,
  otherLimits: Partial<LiveLimits> = {},
  agents?: AgentLink,
): Sockets {
  const limits: LiveLimits = { ...liveLimits, ...otherLimits };
  const live = createLiveStream(rt, reader, limits);
  let closing = false;

  const io: Io = new Server(httpServer, {
    path: SOCKET_PATH,
    serveClient: false,
    destroyUpgrade: false, // Next has upgrades of its own
    transports: ['websocket', 'polling'],
    maxHttpBufferSize: limits.requestBytes,
    perMessageDeflate: false,
    httpCompression: false,
    pingInterval: 5_000, // also the beat that a browser shows
    pingTimeout: 30_000,
    connectTimeout: 20_000,
    allowRequest: (_request, decide) => decide(closing ? 'Parley is stopping.' : null, !closing),
  });

  // Every request, not the first alone. Origins are checked here and not by CORS, which browsers do not apply to websockets.
  io.engine.use((request: IncomingMessage, response: unknown, next: () => void) => {
    const guarded = guardRequest(request, rt.env);
    if (guarded.ok) next();
    else refuseHandshake(request, response, guarded);
  });

  io.use(admitting(live.admit, rt.log));

  io.on('connection', (socket) => {
    const viewer = live.join(socket.data.caller, {
      wire: socket.conn,
      write: (text) => void socket.conn.write(text, { compress: false }),
      end: (goodbye) => dismiss(socket, goodbye, limits.farewellMs),
    });
    socket.on('watch', (request, ack) => viewer.watch(...asked(request, ack)));
    socket.on('unwatch', (request, ack) => viewer.unwatch(...asked(request, ack)));
    socket.on('viewing', (request, ack) => viewer.viewing(...asked(request, ack)));
    socket.on('error', (error) => rt.log.debug({ err: error }, 'live stream: a socket sent what is no packet'));
    socket.on('disconnect', viewer.leave);
  });

  if (agents) openAgentNamespace(io, agents, rt, limits);

  return {
    stats: live.stats,
    async close() {
      closing = true;
      const gone = [io.of('/'), io.of(AGENT_NAMESPACE)]
        .flatMap((space) => [...space.sockets.values()])
        .map((socket) => new Promise<void>((resolve) => socket.once('disconnect', () => resolve())));
      live.stop();
      agents?.stop();
      // A client between two polls hears of it with its next one; it is not waited for.
      await Promise.race([Promise.all(gone), delay(2 * limits.farewellMs, undefined, { ref: false })]);
      io.engine.close();
    },
  };
}

/** Lets in whom `admit` lets in. Anybody else is told why: the error that their library is given carries it as `data`. */
const admitting =
  (admit: LiveStream['admit'], log: Log) =>
  (socket: IoSocket, next: (error?: Error) => void): void => {
    admit({ headers: socket.handshake.headers, auth: socket.handshake.auth }).then(
      (caller) => {
        socket.data.caller = caller;
        next();
      },
      (error: unknown) => {
        const { error: data } = toRefusal(error, log);
        next(Object.assign(new Error(data.message), { data }));
      },
    );
  };

/** The namespace in which agents report and are told things: the protocol of tasks. */
function openAgentNamespace(io: Io, agents: AgentLink, rt: SocketsRuntime, limits: LiveLimits): void {
  const namespace = io.of(AGENT_NAMESPACE);
  namespace.use(admitting(agents.admit, rt.log));
  namespace.on('connection', (socket) => {
    const member = agents.join(socket.data.caller, {
      push: (event, push) => pushTo(socket, event, push),
      end: (goodbye) => dismiss(socket, goodbye, limits.farewellMs),
    });
    socket.on('message', (report, ack) => member.message(...asked(report, ack)));
    socket.on('heartbeat', (sign, ack) => member.heartbeat(...asked(sign, ack)));
    socket.on('disconnect', member.leave);
  });
}

/** Whether the agent says in time that it got it. If not, it is handed over again when the agent comes back, marked so. */
function pushTo(socket: IoSocket, event: AgentPushEvent, push: AgentPush): Promise<boolean> {
  return new Promise((resolve) => {
    const gone = () => resolve(false);
    socket.once('disconnect', gone);
    socket.timeout(RECEIPT_MS).emit(event, push, (error: Error | null) => {
      socket.off('disconnect', gone);
      resolve(!error);
    });
  });
}

/** A client need not ask for an answer. One that asks and says nothing has its ack where the request would be. */
function asked<Answer>(
  request: unknown,
  ack: ((answer: Answer) => void) | undefined,
): [request: unknown, answer: (answer: Answer) => void] {
  if (typeof ack === 'function') return [request, ack];
  return typeof request === 'function' ? [undefined, (answer) => request(answer)] : [request, () => undefined];
}

/**
 * Says why and closes. A revoked client is told not to come back by itself; the others' library connects again.
 * Whoever does not even take the goodbye in time is cut off.
 */
function dismiss(socket: IoSocket, goodbye: Goodbye, farewellMs: number): void {
  const { conn } = socket;
  socket.emit('goodbye', goodbye);
  // Also after an orderly close: it says nothing about what is still unsent below.
  setTimeout(() => cut(conn), farewellMs).unref();
  if (goodbye.reason === 'revoked') socket.disconnect(true);
  else conn.close();
}
