import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits, safe in a URL. Only tokenHash of it is kept. */
export const makeToken = (): string => randomBytes(32).toString('base64url');

/** SHA-256: enough for what is random by itself, unlike a password. */
export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Whether two texts are the same, in a time that does not tell where they differ. */
export const isSameToken = (one: string, other: string): boolean => timingSafeEqual(tokenHash(one), tokenHash(other));
