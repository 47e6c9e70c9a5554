import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps a secret that must be read again, such as one shown once to a request that may be repeated. */
export type Seal = {
  /** base64url of nonce, tag and ciphertext; different each time. */
  close(text: string): string;
  /** @throws Error when it was not closed by this installation, or was changed since. */
  open(sealed: string): string;
  /** HMAC-SHA-256: tells whether two texts are the same without a way back, even to a short one such as a password. */
  mac(...parts: (string | Uint8Array)[]): Buffer;
};

/** Seals with a key that follows from the secret of the installation and `purpose`. */
export function createSeal(secret: Uint8Array, purpose: string): Seal {
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', `parley ${use}: ${purpose}`, 32));
  const key = derive('seal');
  const macKey = derive('mac');
  return {
    close(text) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce);
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    },
    mac: (...parts) => parts.reduce((hmac, part) => hmac.update(part), createHmac('sha256', macKey)).digest(),
  };
}
