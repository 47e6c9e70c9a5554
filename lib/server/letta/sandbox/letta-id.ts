import { randomUUID } from 'node:crypto';

export type LettaKind = 'agent' | 'block' | 'conv' | 'message' | 'run' | 'step' | 'tool' | 'ping';

const UUID4 = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const OTID_BITS = 0x7fn;

/** A new id as the server makes them: the kind and a UUIDv4. */
export const newLettaId = (kind: LettaKind): string => `${kind}-${randomUUID()}`;

/** The shape of an id of a kind, as a regular expression. */
export const lettaIdPattern = (kind: LettaKind): string => `^${kind}-${UUID4}$`;

export const isLettaId = (kind: LettaKind, value: string): boolean => new RegExp(lettaIdPattern(kind)).test(value);

/** Every agent id in a text, in order, each once. */
export const agentIdsIn = (text: string): string[] => [...new Set(text.match(new RegExp(`agent-${UUID4}`, 'g')) ?? [])];

const numberOf = (id: string) => BigInt(`0x${id.slice(id.indexOf('-') + 1).replaceAll('-', '')}`);

function uuidOf(value: bigint): string {
  const hex = value.toString(16).padStart(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The otid that the server derives for the part `index` of a message: the id with its last seven bits replaced. */
export const otidOf = (messageId: string, index: number): string =>
  uuidOf((numberOf(messageId) & ~OTID_BITS) | (BigInt(index) & OTID_BITS));

/** The id that an approval request gets: one below that of the message it was split from. */
export const precedingMessageId = (messageId: string): string => `message-${uuidOf(numberOf(messageId) - 1n)}`;
