import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Actor } from '@/lib/protocol/actor';
import type { JsonObject, JsonValue } from '@/lib/protocol/json';
import { randomBytes } from './random-bytes';
import { sha256 } from './sha256';

const SALT_BYTES = 32;

const mend = (value: JsonValue): JsonValue => {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(mend);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toWellFormed(), mend(member)]));
};

/**
 * A payload and its RFC 8785 text. Lone surrogates, which no UTF-8 can hold, become U+FFFD, and the payload says so in a
 * member `mended`.
 */
export function writePayload(payload: JsonObject): { payload: JsonObject; text: string } {
  try {
    return { payload, text: canonicalize(payload) ?? '{}' };
  } catch (error) {
    const mended = mend(payload);
    if (mended === null || typeof mended !== 'object' || Array.isArray(mended)) throw error;
    const marked = { ...mended, mended: true };
    return { payload: marked, text: canonicalize(marked) ?? '{}' };
  }
}

/** A payload as it is stored and told, with what commits to it. */
export type SealedPayload = { payload: JsonObject; text: string; salt: Buffer; commitment: string };

export function sealPayload(given: JsonObject): SealedPayload {
  const { payload, text } = writePayload(given);
  const salt = randomBytes(SALT_BYTES);
  return { payload, text, salt, commitment: commitmentOf(salt, text) };
}

/** Where salt and text are put together: most payloads fit, and none has to be copied into a buffer of its own. */
const scratch = Buffer.alloc(16_384);
const UTF8_BYTES_MAX = 3;

/** base64(SHA-256(salt ‖ payload text)). */
export function commitmentOf(salt: Uint8Array, text: string): string {
  if (salt.length + UTF8_BYTES_MAX * text.length > scratch.length) {
    return hash('sha256', Buffer.concat([salt, Buffer.from(text)]), 'base64');
  }
  scratch.set(salt);
  const end = salt.length + scratch.write(text, salt.length);
  return hash('sha256', scratch.subarray(0, end), 'base64');
}

export type EnvelopeFacts = {
  log: string;
  seq: number;
  stream: string;
  streamSeq: number;
  id: string;
  type: string;
  actor: Pick<Actor, 'kind' | 'id'>;
  occurredAt: string;
  receivedAt: string;
  cause: number | null;
  commitment: string;
};

/**
 * RFC 8785 text of an envelope (contract.md, Proof). Written out because its members and their order are fixed, which
 * is several times faster than sorting them for every entry; leaf.test.ts holds it to `canonicalize`.
 */
export function envelopeText(facts: EnvelopeFacts): string {
  const cause = facts.cause === null ? '' : `"cause":${facts.cause},`;
  return (
    `{"actor":{"id":${JSON.stringify(facts.actor.id)},"kind":"${facts.actor.kind}"},${cause}` +
    `"commitment":"${facts.commitment}","id":"${facts.id}","log":${JSON.stringify(facts.log)},` +
    `"occurredAt":"${facts.occurredAt}","receivedAt":"${facts.receivedAt}","seq":${facts.seq},` +
    `"stream":${JSON.stringify(facts.stream)},"streamSeq":${facts.streamSeq},"type":${JSON.stringify(facts.type)},"v":1}`
  );
}

/** SHA-256(0x00 ‖ envelope text). */
export const leafHash = (envelope: string): Buffer => sha256(`\0${envelope}`);
