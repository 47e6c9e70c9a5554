import type { Clock } from '../clock';

type Packet = { data?: unknown };

/** What is needed of an engine.io connection: its own events and those of its transport. */
export type Wire = {
  readonly transport: { on(event: 'drain', listener: () => void): unknown };
  on(event: 'packetCreate', listener: (packet: Packet) => void): unknown;
  on(event: 'flush', listener: () => void): unknown;
  on(event: 'upgrade', listener: (transport: Wire['transport']) => void): unknown;
};

/**
 * How much of what was written to one connection it has not taken yet, in bytes. Clients do not acknowledge entries, so
 * this is all that tells a slow one.
 */
export type Credit = {
  unsent(): number;
  /** For how long nothing was taken although something waits, in milliseconds. */
  stuckForMs(): number;
};

const sizeOf = ({ data }: Packet): number => {
  if (typeof data === 'string') return Buffer.byteLength(data);
  return ArrayBuffer.isView(data) ? data.byteLength : 0;
};

/**
 * Follows a connection's packets: created → in the buffer, `flush` → handed to the transport, the *transport's* `drain`
 * → taken by the kernel (websocket) or answered to a poll. The connection's own `drain` comes too early: at handing over.
 */
export function meterCredit(wire: Wire, clock: Clock, onTaken: () => void): Credit {
  let buffered = 0;
  let handedOver = 0;
  let waitingSince: number | null = null;

  function taken(): void {
    handedOver = 0;
    waitingSince = buffered > 0 ? clock.monotonicMs() : null;
    onTaken();
  }

  wire.on('packetCreate', (packet) => {
    buffered += sizeOf(packet);
    waitingSince ??= clock.monotonicMs();
  });
  wire.on('flush', () => {
    handedOver += buffered;
    buffered = 0;
  });
  wire.transport.on('drain', taken);
  wire.on('upgrade', (transport) => {
    transport.on('drain', taken);
    taken(); // the former transport takes nothing any more
  });

  return {
    unsent: () => buffered + handedOver,
    stuckForMs: () => (waitingSince === null ? 0 : clock.monotonicMs() - waitingSince),
  };
}
