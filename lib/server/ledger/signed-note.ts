import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { sha256 } from './sha256';

/** C2SP signed notes with Ed25519, as checkpoints carry them (contract.md, Proof). */

const ED25519 = 1;
const SPKI_PREFIX_BYTES = 12;

export type Signer = { name: string; vkey: string; sign: (body: string) => string };

const publicBytes = (key: KeyObject): Buffer =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX_BYTES);

const keyIdOf = (name: string, publicKey: Buffer): Buffer =>
  sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ED25519), publicKey])).subarray(0, 4);

/** A new private key as PKCS #8 DER. */
export const generatePrivateKey = (): Buffer =>
  generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });

/** The signer of notes under `name`, from a PKCS #8 DER Ed25519 key. */
export function openSigner(name: string, privateKeyDer: Uint8Array): Signer {
  const privateKey = createPrivateKey({ key: Buffer.from(privateKeyDer), format: 'der', type: 'pkcs8' });
  const publicKey = publicBytes(privateKey);
  const keyId = keyIdOf(name, publicKey);
  return {
    name,
    vkey: `${name}+${keyId.toString('hex')}+${Buffer.concat([Buffer.of(ED25519), publicKey]).toString('base64')}`,
    sign: (body) => {
      const signature = sign(null, Buffer.from(body), privateKey);
      return `\u2014 ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;
    },
  };
}

/** The three lines that a checkpoint signs. */
export const checkpointBody = (origin: string, size: number, root: Uint8Array): string =>
  `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;

/** A note: the body, an empty line, one signature line for each signer. */
export const signedNote = (body: string, signers: readonly Signer[]): string =>
  `${body}\n${signers.map((signer) => signer.sign(body)).join('')}`;

export type Checkpoint = { origin: string; size: number; root: Buffer };

/** The checkpoint of a note that is signed by the key; null when it is not, or is no checkpoint. */
export function openCheckpoint(note: string, vkey: string): Checkpoint | null {
  const [, name, keyId, key] = /^(.+?)\+([0-9a-f]{8})\+(.+)$/.exec(vkey) ?? [];
  const end = note.indexOf('\n\n');
  if (key === undefined || end < 0) return null;
  const body = note.slice(0, end + 1);
  const typed = Buffer.from(key, 'base64');
  if (typed[0] !== ED25519 || typed.length !== 33) return null;
  const publicKey = createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), typed.subarray(1)]),
    format: 'der',
    type: 'spki',
  });
  const isSigned = note
    .slice(end + 2)
    .split('\n')
    .some((line) => {
      const [dash, signer, encoded] = line.split(' ');
      if (dash !== '\u2014' || signer !== name || encoded === undefined) return false;
      const bytes = Buffer.from(encoded, 'base64');
      return (
        bytes.subarray(0, 4).toString('hex') === keyId && verify(null, Buffer.from(body), publicKey, bytes.subarray(4))
      );
    });
  const [origin, size, root] = body.split('\n');
  if (!isSigned || origin === undefined || root === undefined || !/^\d+$/.test(size ?? '')) return null;
  return { origin, size: Number(size), root: Buffer.from(root, 'base64') };
}
