import type { Entry } from '@/lib/protocol/entry';
import type { Delta } from '@/lib/protocol/socket';

/**
 * One field of a message while it is being written. `whole: false`: a piece was missed, and `text` ends where it was;
 * the message itself comes when it is finished.
 */
export type WritingText = Pick<Delta, 'seat' | 'turnId' | 'messageId' | 'messageType' | 'field'> & {
  toolName: string | null;
  text: string;
  whole: boolean;
  /** The streamSeq of the entry with which it was finished; null while it is being written. */
  finishedBy: number | null;
};

/**
 * What is being written in one stream, in the order in which it began; and what no longer is. The last texts that were
 * finished are kept, for views that are not as far yet (`stillWriting`).
 */
export type Writing = { texts: ReadonlyMap<string, WritingText>; done: readonly string[] };

const DONE_MAX = 200;
const FINISHED_MAX = 32;

const messageKey = (of: Pick<Delta, 'seat' | 'messageId' | 'messageType'>) =>
  `message ${of.seat} ${of.messageId} ${of.messageType}`;
const turnKey = (of: Pick<Delta, 'turnId'>) => `turn ${of.turnId}`;

/** Takes one piece. A piece of a message that is finished already, or of a turn that has ended, changes nothing. */
export function addDelta(writing: Writing, delta: Delta): Writing {
  if (writing.done.includes(messageKey(delta)) || writing.done.includes(turnKey(delta))) return writing;
  const key = `${messageKey(delta)} ${delta.field}`;
  const known = writing.texts.get(key);
  const next = extended(known, delta);
  if (next === known) return writing;
  return { ...writing, texts: new Map(writing.texts).set(key, next) };
}

function extended(known: WritingText | undefined, delta: Delta): WritingText {
  const { seat, turnId, messageId, messageType, field, offset, text } = delta;
  const toolName = delta.toolName ?? known?.toolName ?? null;
  const of = { seat, turnId, messageId, messageType, field, toolName };
  if (!known || (!known.whole && offset === 0))
    return { ...of, text: offset === 0 ? text : '', whole: offset === 0, finishedBy: null };
  if (!known.whole) return known;
  if (offset > known.text.length) return { ...known, whole: false };
  if (known.text.startsWith(text, offset)) return known;
  return { ...known, toolName, text: known.text.slice(0, offset) + text };
}

/** Takes an entry of the stream: a message that was seen is no longer being written, nor is anything of an ended turn. */
export function finishWriting(writing: Writing, entry: Entry): Writing {
  const done = doneBy(entry);
  if (done.length === 0) return writing;
  const isDone = (text: WritingText) =>
    text.finishedBy === null && (done.includes(messageKey(text)) || done.includes(turnKey(text)));
  return {
    texts: [...writing.texts.values()].some(isDone) ? finished(writing.texts, isDone, entry.streamSeq) : writing.texts,
    done: [...writing.done, ...done].slice(-DONE_MAX),
  };
}

function finished(texts: Writing['texts'], isDone: (text: WritingText) => boolean, by: number): Writing['texts'] {
  const next = new Map<string, WritingText>();
  for (const [key, text] of texts) next.set(key, isDone(text) ? { ...text, finishedBy: by } : text);
  const over = [...next].flatMap(([key, { finishedBy }]) => (finishedBy === null ? [] : [key]));
  for (const key of over.slice(0, -FINISHED_MAX)) next.delete(key);
  return next;
}

/** The engine stores some messages under another id than the one under which it streamed them. */
function doneBy(entry: Entry): string[] {
  if (entry.type === 'turn.ended') return [turnKey(entry.payload)];
  if (entry.type !== 'message.seen') return [];
  const { deltaId, ...message } = entry.payload;
  return [messageKey(message), ...(deltaId === undefined ? [] : [messageKey({ ...message, messageId: deltaId })])];
}
