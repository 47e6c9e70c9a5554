import { hash, randomBytes } from 'node:crypto';

/** 256 random bits, safe in a URL. Only tokenHash of it is kept. */
export const makeToken = (): string => randomBytes(32).toString('base64url');

/** SHA-256: enough for what is random by itself, unlike a password. */
export const tokenHash = (token: string): Buffer => hash('sha256', token, 'buffer');
