const ONE_WAY =
  'this is a one-way notification; if you need to respond, use an agent-to-agent messaging tool if available';
const AWAITED = 'your response will be delivered to the sender';

/** What another agent hears when a message is sent without waiting: the server's own wording. */
export const oneWayMessage = (senderId: string, message: string): string =>
  `[Incoming message from agent with ID '${senderId}' - ${ONE_WAY}] ${message}`;

/** The same for a sender that waits. Unless all of it is lower case, the server repeats the text so on a second line. */
export function awaitedMessage(senderId: string, message: string): string {
  const lower = message.toLowerCase();
  const text = lower === message ? message : `${message}\n${lower}`;
  return `[Incoming message from agent with ID '${senderId}' - ${AWAITED}] ${text}`;
}

export type IncomingMessage = { senderId: string; awaited: boolean; message: string };

const WRAPPED = /^\[Incoming message from agent with ID '([^']+)' - ([^\]]*)\] ?(.*)$/s;

/** The message inside of either wording, without the repetition in lower case; null for any other text. */
export function readIncomingMessage(text: string): IncomingMessage | null {
  const match = WRAPPED.exec(text);
  if (!match) return null;
  const [, senderId = '', note = '', rest = ''] = match;
  const awaited = note === AWAITED;
  return { senderId, awaited, message: awaited ? withoutRepetition(rest) : rest };
}

function withoutRepetition(text: string): string {
  if (text.length % 2 === 0) return text;
  const half = (text.length - 1) / 2;
  const [first, second] = [text.slice(0, half), text.slice(half + 1)];
  return text[half] === '\n' && first !== second && first.toLowerCase() === second ? first : text;
}
