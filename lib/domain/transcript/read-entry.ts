import type { Actor } from '@/lib/protocol/actor';
import type { Edge, Seat } from '@/lib/protocol/conversation';
import type { Entry, EntryOf, WireEntry } from '@/lib/protocol/entry';
import type { SeatId } from '@/lib/protocol/ids';
import type { JsonValue } from '@/lib/protocol/json';
import { callsOf, returnsOf } from '@/lib/protocol/message-calls';
import type { ToldEntry } from '@/lib/protocol/told-entry';
import type { CrossingNews } from './crossing';
import type { Placed } from './placed-list';
import { type ParkedCall, reviewStep } from './review';
import type { RowNews, RowParts } from './row';
import type { TurnNews } from './seat-turns';

/** Something of the whole conversation that is told in the channel. */
export type Tick = Placed & {
  id: string;
  seq: number;
  at: string;
  actor: Actor;
  told: /** `observed`: nobody opened it here, Parley came upon it. */
    | { kind: 'opened'; title: string; observed: boolean }
    | {
        kind: 'changed';
        title?: string;
        maxTurns?: number;
        state?: 'running' | 'paused';
        conveyance?: 'tool' | 'relay';
      }
    | { kind: 'stopped'; why: EntryOf<'conversation.stopped'>['payload']['why']; reason: string }
    | { kind: 'archived' }
    | { kind: 'taken'; seat: SeatId; holder: Holder; reason: string | null }
    | { kind: 'renewed'; seat: SeatId; holder: Holder }
    | { kind: 'left'; seat: SeatId; name: string; how: 'handed_back' | 'conversation_stopped' | 'expired' }
    | { kind: 'renamed'; seat: SeatId; name: string; before: string }
    | { kind: 'edge'; edge: Edge }
    | { kind: 'redacted'; type: string }
    | { kind: 'strange'; type: string; raw: JsonValue };
};

/** The person who sits in a seat in its agent's place, until when their lease lasts. */
export type Holder = NonNullable<Seat['holder']>;

export type TranscriptSeat = { id: SeatId; agentId: string; name: string };

/** All that one entry says, sorted by what it speaks of. */
export type EntryNews = {
  rows: RowNews[];
  crossing?: CrossingNews;
  parkedCall?: ParkedCall;
  tick?: Tick;
  turn?: TurnNews;
};

const PLACES_PER_ENTRY = 1024;
/** An entry's place on the axis; `ordinal` tells apart what one entry says of several rows. */
export const placeOf = (streamSeq: number, ordinal = 0): number =>
  streamSeq * PLACES_PER_ENTRY + Math.min(ordinal, PLACES_PER_ENTRY - 1);

/** The streamSeq of the entry that a place belongs to. */
export const streamSeqOf = (place: number): number => Math.floor(place / PLACES_PER_ENTRY);

export const callRowId = (seat: SeatId, toolCallId: string): string => `${seat}:call:${toolCallId}`;
export const returnRowId = (seat: SeatId, toolCallId: string): string => `${seat}:return:${toolCallId}`;
export const inputRowId = (seat: SeatId, otid: string): string => `${seat}:otid:${otid}`;
export const messageRowId = (seat: SeatId, messageType: string, messageId: string): string =>
  `${seat}:${messageType}:${messageId}`;

/** Reads one entry of a conversation's stream. Redacted entries and those of no known shape are news, too. */
export function readEntry(entry: ToldEntry, seats: readonly TranscriptSeat[]): EntryNews {
  if (!entry.understood) return readOpaque(entry, seats);
  const row = rowMaker(entry);
  switch (entry.type) {
    case 'message.seen':
      return readSeen(entry);
    case 'message.spoken':
      return readSpoken(entry);
    case 'message.sent':
      return readSent(entry);
    case 'message.received':
      return readReceived(entry);
    case 'message.answered': {
      const { status, text } = entry.payload;
      return { rows: [], crossing: crossingNews(entry, { answer: { status, text, at: entry.occurredAt } }) };
    }
    case 'message.delivery_failed': {
      const { outcome, reason } = entry.payload;
      const step = { kind: 'failed', outcome, reason, place: placeOf(entry.streamSeq) } as const;
      return { rows: [], crossing: { ...crossingNews(entry, {}), step } };
    }
    case 'message.delivery_retried':
      return { rows: [], crossing: stepped(crossingNews(entry, { turnId: entry.payload.turnId }), 'retried') };
    case 'turn.started': {
      const { seat, turnId } = entry.payload;
      if (!seat) return { rows: [] };
      const started = { place: placeOf(entry.streamSeq), at: entry.occurredAt };
      return { rows: [], turn: { seat, turnId, started } };
    }
    case 'turn.ended': {
      const { seat, turnId, stopReason, error, usage } = entry.payload;
      if (!seat) return { rows: [] };
      const ended = { place: placeOf(entry.streamSeq), at: entry.occurredAt, stopReason, error, usage };
      const bad = !isGoodEnd(stopReason) || error !== null;
      const rows = bad ? [row(`${seat}:turn:${turnId}`, seat, { ended: { turnId, stopReason, error } })] : [];
      return { rows, turn: { seat, turnId, ended } };
    }
    case 'conversation.opened': {
      const { title, observed } = entry.payload;
      return { rows: [], tick: tick(entry, { kind: 'opened', title, observed }) };
    }
    case 'conversation.changed':
      return { rows: [], tick: tick(entry, { kind: 'changed', ...entry.payload }) };
    case 'conversation.stopped':
      return { rows: [], tick: tick(entry, { kind: 'stopped', ...entry.payload }) };
    case 'conversation.archived':
      return { rows: [], tick: tick(entry, { kind: 'archived' }) };
    case 'memory.changed': {
      const { seat, ...memory } = entry.payload;
      return { rows: [row(`${seat}:entry:${entry.streamSeq}`, seat, { memory })] };
    }
    case 'draft.parked':
    case 'draft.settled':
      return readDraftPointer(entry);
    case 'seat.taken':
    case 'seat.renewed':
    case 'seat.handed_back':
    case 'seat.expired':
      return { rows: [], tick: tick(entry, toldOfSeat(entry)) };
    case 'seat.renamed':
      return { rows: [], tick: tick(entry, { kind: 'renamed', ...entry.payload }) };
    case 'output.quarantined':
    case 'output.released':
    case 'output.dropped':
      return readLate(entry);
    case 'edge.set':
      return { rows: [], tick: tick(entry, { kind: 'edge', edge: entry.payload }) };
    default:
      return readOpaque(entry, seats);
  }
}

const goodEnds = new Set(['end_turn', 'requires_approval', 'tool_rule']);
const isGoodEnd = (stopReason: string) => goodEnds.has(stopReason);

const rowMaker =
  (entry: Pick<Entry, 'seq' | 'streamSeq' | 'occurredAt'>) =>
  (id: string, seat: SeatId, parts: RowParts, ordinal = 0): RowNews => ({
    id,
    seat,
    place: placeOf(entry.streamSeq, ordinal),
    seq: entry.seq,
    at: entry.occurredAt,
    parts,
  });

type AboutCrossing = EntryOf<
  'message.sent' | 'message.received' | 'message.answered' | 'message.delivery_failed' | 'message.delivery_retried'
>;

const crossingNews = (entry: AboutCrossing, facts: CrossingNews['facts']): CrossingNews => ({
  id: entry.payload.conveyanceId,
  place: placeOf(entry.streamSeq),
  at: entry.occurredAt,
  seq: entry.seq,
  facts,
});
const stepped = (news: CrossingNews, kind: 'sent' | 'received' | 'retried'): CrossingNews => ({
  ...news,
  step: { kind, place: news.place },
});

const tick = (entry: Pick<WireEntry, 'seq' | 'streamSeq' | 'occurredAt' | 'actor'>, told: Tick['told']): Tick => ({
  id: `tick:${entry.streamSeq}`,
  place: placeOf(entry.streamSeq),
  seq: entry.seq,
  at: entry.occurredAt,
  actor: entry.actor,
  told,
});

function readOpaque(wire: WireEntry, seats: readonly TranscriptSeat[]): EntryNews {
  const strange = { type: wire.type, raw: wire.payload };
  const redacted = { type: wire.type };
  const seat = wire.actor.kind === 'agent' && seats.find((one) => one.agentId === wire.actor.id);
  if (seat) {
    const parts = wire.payload === null ? { redacted } : { strange };
    return { rows: [rowMaker(wire)(`${seat.id}:entry:${wire.streamSeq}`, seat.id, parts)] };
  }
  const told =
    wire.payload === null ? { kind: 'redacted' as const, ...redacted } : { kind: 'strange' as const, ...strange };
  return { rows: [], tick: tick(wire, told) };
}

type AboutSeat =
  | EntryOf<'seat.taken'>
  | EntryOf<'seat.renewed'>
  | EntryOf<'seat.handed_back'>
  | EntryOf<'seat.expired'>;

function toldOfSeat({ type, payload }: AboutSeat): Tick['told'] {
  const { seat, personId, name } = payload;
  if (type === 'seat.taken') {
    return { kind: 'taken', seat, holder: { personId, name, until: payload.until }, reason: payload.reason };
  }
  if (type === 'seat.renewed') return { kind: 'renewed', seat, holder: { personId, name, until: payload.until } };
  return { kind: 'left', seat, name, how: type === 'seat.expired' ? 'expired' : payload.why };
}

/** What was kept back is told on the row of the message, or of the call, that it is. */
function readLate(
  entry: EntryOf<'output.quarantined'> | EntryOf<'output.released'> | EntryOf<'output.dropped'>,
): EntryNews {
  const { seat, messageId, toolCallId } = entry.payload;
  const id = toolCallId === null ? messageRowId(seat, 'assistant_message', messageId) : callRowId(seat, toolCallId);
  const parts: RowParts =
    entry.type === 'output.quarantined'
      ? { late: { entryId: entry.id, content: entry.payload.content } }
      : { lateSettled: { released: entry.type === 'output.released', name: entry.actor.name } };
  return { rows: [rowMaker(entry)(id, seat, parts)] };
}

function readDraftPointer(entry: EntryOf<'draft.parked'> | EntryOf<'draft.settled'>): EntryNews {
  const { draftId, seat, conveyanceId } = entry.payload;
  const about = { place: placeOf(entry.streamSeq), at: entry.occurredAt, seq: entry.seq };
  const step = reviewStep(entry, about.place);
  if (conveyanceId === null) return { rows: [], parkedCall: { ...about, draftId, seat, steps: [step] } };
  return { rows: [], crossing: { ...about, id: conveyanceId, facts: {}, step } };
}

function readSpoken(entry: EntryOf<'message.spoken'>): EntryNews {
  const { to, as, content, personId, turnId, otid } = entry.payload;
  const seat = to ?? as;
  if (!seat) return readOpaque({ ...entry, payload: entry.payload }, []);
  const spoken = { content, name: entry.actor.name, personId, turnId, as: to === undefined };
  return { rows: [rowMaker(entry)(inputRowId(seat, otid), seat, { spoken })] };
}

function readSent(entry: EntryOf<'message.sent'>): EntryNews {
  const { conveyanceId, from, to, content, mode, toName, turnId } = entry.payload;
  const authorRow = from && authorRowId(from, entry.payload);
  const fromName = from === null && entry.actor.kind === 'agent' ? entry.actor.name : null;
  const spokenBy = entry.payload.spokenOtid === undefined ? null : entry.actor.name;
  const facts = { from, fromName, spokenBy, to, content, toName, mode, authorRow, turnId, sentAt: entry.occurredAt };
  const crossing = stepped(crossingNews(entry, facts), 'sent');
  if (!from || !authorRow) return { rows: [], crossing };
  const sent = [{ conveyanceId, content, place: placeOf(entry.streamSeq) }];
  return { rows: [rowMaker(entry)(authorRow, from, { sent })], crossing };
}

function authorRowId(from: SeatId, sent: EntryOf<'message.sent'>['payload']): string {
  if (sent.spokenOtid) return inputRowId(from, sent.spokenOtid);
  if (sent.toolCallId) return callRowId(from, sent.toolCallId);
  return sent.messageId ? messageRowId(from, 'assistant_message', sent.messageId) : `${from}:sent:${sent.conveyanceId}`;
}

function readReceived(entry: EntryOf<'message.received'>): EntryNews {
  const { conveyanceId, from, to, content, otid, latencyMs, fromName } = entry.payload;
  const arrivalRow = to && (otid ? inputRowId(to, otid) : `${to}:received:${conveyanceId}`);
  const facts = { from, to, content, arrivalRow, latencyMs, ...(fromName === undefined ? {} : { fromName }) };
  const crossing = stepped(crossingNews(entry, facts), 'received');
  if (!to || !arrivalRow) return { rows: [], crossing };
  const received = { content, conveyanceId, from, latencyMs };
  return { rows: [rowMaker(entry)(arrivalRow, to, { received })], crossing };
}

function readSeen(entry: EntryOf<'message.seen'>): EntryNews {
  const { seat, messageType, messageId, otid, ...message } = entry.payload;
  const row = rowMaker(entry);
  const about = messageType === 'approval_response_message' ? (message.approvals ?? []) : [];
  const calls = callsOf(entry.payload).map((call, ordinal) => {
    const asks = messageType === 'approval_request_message';
    const at = entry.receivedAt;
    return row(callRowId(seat, call.toolCallId), seat, { call: { ...call, messageId, asks, at } }, ordinal);
  });
  const returns = returnsOf(entry.payload).flatMap((given, ordinal) => {
    const returned = { ...given, at: entry.receivedAt };
    return [
      row(callRowId(seat, given.toolCallId), seat, { returned }, ordinal),
      row(returnRowId(seat, given.toolCallId), seat, { cameBack: returned }, ordinal),
    ];
  });
  const answers = about.map((answered, ordinal) =>
    row(callRowId(seat, answered.toolCallId), seat, { answered }, ordinal),
  );
  const rows = [...calls, ...returns, ...answers];
  if (rows.length > 0) return { rows };
  const isInput = messageType === 'user_message' || messageType === 'system_message';
  const id = isInput && otid ? inputRowId(seat, otid) : messageRowId(seat, messageType, messageId);
  const text = message.reasoning ?? message.content ?? '';
  const prompt = messageType === 'system_message' && message.runId === null;
  const seen = { messageType, messageId, text, prompt, senderName: message.senderName, raw: message.raw ?? null };
  return { rows: [row(id, seat, { seen })] };
}
