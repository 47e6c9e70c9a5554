import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { meterCredit } from './credit';

function start() {
  const transport = new EventEmitter();
  const wire = Object.assign(new EventEmitter(), { transport });
  let nowMs = 0;
  let taken = 0;
  const clock = { now: () => new Date(nowMs), monotonicMs: () => nowMs };
  const credit = meterCredit(wire, clock, () => (taken += 1));
  return {
    wire,
    transport,
    credit,
    taken: () => taken,
    pass: (ms: number) => (nowMs += ms),
    write: (data: unknown) => wire.emit('packetCreate', { data }),
  };
}

describe('what a connection has not taken', () => {
  it('[LV16] counts what is in the buffer and what is handed over, in bytes of UTF-8', () => {
    const { wire, transport, credit, taken, write } = start();
    write('äöü');
    write(Buffer.alloc(5));
    wire.emit('packetCreate', {});
    expect(credit.unsent()).toBe(11);
    wire.emit('flush');
    write('later');
    expect(credit.unsent()).toBe(16);
    transport.emit('drain');
    expect(credit.unsent()).toBe(5);
    expect(taken()).toBe(1);
  });

  it('[LV17] is stuck from when something waits and nothing is taken; taking anything begins it anew', () => {
    const { wire, transport, credit, write, pass } = start();
    pass(1_000);
    expect(credit.stuckForMs()).toBe(0);
    write('first');
    wire.emit('flush');
    pass(100);
    write('second');
    pass(50);
    expect(credit.stuckForMs()).toBe(150);
    transport.emit('drain');
    pass(30);
    expect(credit.stuckForMs()).toBe(30);
    wire.emit('flush');
    transport.emit('drain');
    pass(99);
    expect(credit.stuckForMs()).toBe(0);
  });

  it('[LV25] goes on with the new transport after an upgrade', () => {
    const { wire, credit, write } = start();
    write('to the former');
    wire.emit('flush');
    const websocket = new EventEmitter();
    wire.emit('upgrade', websocket);
    write('new');
    wire.emit('flush');
    expect(credit.unsent()).toBe(3);
    websocket.emit('drain');
    expect(credit.unsent()).toBe(0);
  });
});
