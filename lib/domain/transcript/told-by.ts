import { knownConversationEntry } from '@/lib/protocol/conversation-entry';
import type { EntryOf, WireEntry } from '@/lib/protocol/entry';
import { callsOf, returnsOf } from '@/lib/protocol/message-calls';

/** What an entry of a conversation tells, as plain words: for searching in it, and for taking it along. */
export type Told = { seat: string | null; what: string; texts: readonly { name: string; text: string }[] };

const text = (name: string, value: string | null | undefined) => (value ? [{ name, text: value }] : []);

/** The words of one entry. `what` is short and Parley's own; `texts` are what people, agents and engines wrote. */
export function toldBy(wire: WireEntry): Told {
  const entry = knownConversationEntry(wire);
  if (wire.payload === null) return { seat: null, what: `redacted (${wire.type})`, texts: [] };
  if (!entry) return opaque(wire);
  switch (entry.type) {
    case 'conversation.opened':
      return { seat: null, what: 'opened the conversation', texts: text('title', entry.payload.title) };
    case 'conversation.changed':
      return { seat: null, what: 'changed the conversation', texts: changes(entry) };
    case 'conversation.stopped':
      return { seat: null, what: 'stopped the conversation', texts: text('reason', entry.payload.reason) };
    case 'message.spoken': {
      const { to, as, content } = entry.payload;
      return { seat: as ?? null, what: to ? `says to seat ${to}` : 'says', texts: text('says', content) };
    }
    case 'message.seen':
      return seen(entry);
    case 'message.sent': {
      const { from, toName, content } = entry.payload;
      return { seat: from, what: `sends a message to ${toName}`, texts: text('message', content) };
    }
    case 'message.received': {
      const { to, content } = entry.payload;
      return { seat: to, what: 'receives a message', texts: text('message', content) };
    }
    case 'message.answered':
      return { seat: null, what: 'a call was answered', texts: text(entry.payload.status, entry.payload.text) };
    case 'message.delivery_failed':
      return { seat: null, what: 'a message was not delivered', texts: text('reason', entry.payload.reason) };
    case 'turn.ended': {
      const { seat, stopReason, error } = entry.payload;
      return { seat, what: `turn ended: ${stopReason}`, texts: text('error', error) };
    }
    case 'turn.started':
      return { seat: entry.payload.seat, what: `turn started: ${entry.payload.input}`, texts: [] };
    case 'memory.changed': {
      const { seat, label, before, after } = entry.payload;
      return { seat, what: `memory changed: ${label}`, texts: [...text('before', before), ...text('after', after)] };
    }
    case 'seat.renamed': {
      const { seat, name, before } = entry.payload;
      return { seat, what: 'is called otherwise', texts: [...text('before', before), ...text('name', name)] };
    }
    default:
      return opaque(wire);
  }
}

function changes({ payload }: EntryOf<'conversation.changed'>): Told['texts'] {
  return Object.entries(payload).map(([name, value]) => ({ name, text: String(value) }));
}

function seen({ payload }: EntryOf<'message.seen'>): Told {
  const { seat, messageType, content, reasoning, raw } = payload;
  const calls = callsOf(payload).map((call) => ({ name: `calls ${call.name}`, text: call.arguments }));
  const returns = returnsOf(payload).map(({ status, text: given }) => ({ name: `returned ${status}`, text: given }));
  const unknown = raw === undefined || messageType !== 'unknown' ? [] : text('raw', JSON.stringify(raw));
  const what = messageType.replaceAll('_', ' ');
  return {
    seat,
    what,
    texts: [...text('reasons', reasoning), ...text('says', content), ...calls, ...returns, ...unknown],
  };
}

const opaque = ({ type, payload }: WireEntry): Told => ({
  seat: payload && typeof payload['seat'] === 'string' ? payload['seat'] : null,
  what: type,
  texts: text('payload', JSON.stringify(payload)),
});
