import { BEACON_MS } from '@/lib/protocol/socket';

/** What the live stream grants, in bytes, counts and milliseconds. Tests give smaller ones. */
export const liveLimits = {
  /** One `entries` event carries at most this much, or one entry. */
  pieceBytes: 64 * 1024,
  pieceEntries: 500,
  /** A socket with this much unsent is given nothing more until it has taken some. */
  creditBytes: 256 * 1024,
  /** Pieces of messages being written are dropped for a socket with this much unsent. */
  deltaCreditBytes: 64 * 1024,
  /** A socket that lets this much pile up (by asking without reading) is closed. */
  unsentMaxBytes: 4 * 1024 * 1024,
  /** A socket without credit that takes nothing for this long is closed. */
  stalledMs: 30_000,
  /** What a client may send in one packet: as much as in a body over HTTP. A message within may have 256 KiB. */
  requestBytes: 1024 * 1024,
  watchesPerSocket: 200,
  socketsPerCredential: 1_000,
  /** Encoded entries kept for all streams together. */
  cacheBytes: 32 * 1024 * 1024,
  /** Under load, entries of a stream are gathered for this long. */
  tickMs: 10,
  /** How often the credentials of all sockets are checked, past every cache; a revoked one must be gone within 5 s. */
  sweepMs: 2_000,
  /** Lists are told how conversations stand at most this often, and of so many at once. */
  summariesMs: 1_000,
  summariesAtOnce: 500,
  beaconMs: BEACON_MS,
  /** How long goodbyes may take to leave. */
  farewellMs: 1_000,
};
export type LiveLimits = typeof liveLimits;
