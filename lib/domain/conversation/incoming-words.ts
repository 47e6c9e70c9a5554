import { AgentId } from '@/lib/protocol/ids';
import type { AgentMessage } from '@/lib/protocol/message';

/** A message of another agent, as the engine delivers it: a system message of a run, wrapped. */
export type IncomingWords = { senderId: AgentId; words: string };

const WRAPPED = /^\[Incoming message from agent with ID '([^'\n]{1,200})' - [^\]\n]*\] ?([\s\S]*)$/;

/**
 * Who speaks in a wrapped message, and what stands behind the wrapping; null for any other message. One that names its
 * sender in a field of its own was delivered by Parley: Letta's tools leave that empty.
 */
export function incomingWords({ messageType, runId, senderId: by, content }: AgentMessage): IncomingWords | null {
  if (messageType !== 'system_message' || runId === null || by !== null || content === undefined) return null;
  const [, senderId, words] = WRAPPED.exec(content) ?? [];
  const sender = AgentId.safeParse(senderId);
  return sender.success && words !== undefined ? { senderId: sender.data, words } : null;
}

/** Letta 0.16 repeats what is not in lower case in lower case on another line. */
export const areWordsOf = (words: string, message: string): boolean =>
  words === message || words === `${message}\n${message.toLowerCase()}`;

/** The words without that repetition, as far as it can be told without knowing what was sent. */
export function withoutRepetition(words: string): string {
  // In lower case a text may be longer (İ): then the repetition is, by as much.
  const grown = words.toLowerCase().length - words.length;
  const end = (words.length - 1 - grown) / 2;
  if (words[end] !== '\n') return words;
  const [first, second] = [words.slice(0, end), words.slice(end + 1)];
  return first !== second && first.toLowerCase() === second ? first : words;
}

/** Whether words from which a repetition was taken, perhaps, are those of `message`. */
export const mayBeWordsOf = (words: string, message: string): boolean =>
  words === message || words === withoutRepetition(message);

/**
 * Whether words are those of `message` but for how they are written. HAZARD: where an agent writes JSON, the server reads
 * it and delivers what Python prints of it: `{"To": null}` arrives as `{'To': None}`.
 */
export function areAlike(words: string, message: string): boolean {
  const bare = bareOf(asPrinted(message));
  return bare !== '' && bareOf(withoutRepetition(words)) === bare;
}

const bareOf = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '');

function asPrinted(message: string): string {
  if (!/^\s*[[{]/.test(message)) return message;
  try {
    return JSON.stringify(JSON.parse(message), (_name, value: unknown) => (value === null ? 'None' : value));
  } catch {
    return message; // It only begins like JSON.
  }
}
