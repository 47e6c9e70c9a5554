import { randomBytes } from 'node:crypto';
import { KeyId } from '@/lib/protocol/ids';
import { makeToken } from './token-hash';

const KEY = /^parley_([a-z0-9]{16})_([A-Za-z0-9_-]{43})$/;

/** A new key: `parley_<id>_<secret>`, told apart from other secrets by its beginning. */
export function makeKeyText(): { id: KeyId; secret: string; text: string } {
  const id = KeyId.parse(randomBytes(8).toString('hex'));
  const secret = makeToken();
  return { id, secret, text: `parley_${id}_${secret}` };
}

/** The parts of a key, or null: it is none. */
export function parseKeyText(text: string): { id: KeyId; secret: string } | null {
  const [, id, secret] = KEY.exec(text) ?? [];
  return id === undefined || secret === undefined ? null : { id: KeyId.parse(id), secret };
}
