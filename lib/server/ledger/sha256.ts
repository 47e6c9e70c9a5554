import { hash } from 'node:crypto';

/** SHA-256 in one call: several times faster than a Hash object for the short inputs of a Merkle tree. */
export const sha256 = (data: Uint8Array | string): Buffer => hash('sha256', data, 'buffer');
