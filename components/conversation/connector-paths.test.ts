import { describe, expect, it } from 'vitest';
import { type Channel, connectorPaths, type MeasuredCrossing } from './connector-paths';

const channel: Channel = { left: 500, right: 848, top: 0, bottom: 900 };
const crossing = (given: Partial<MeasuredCrossing>): MeasuredCrossing => ({
  id: 'one',
  state: 'answered',
  rightwards: true,
  out: { x: 486, y: 100.5 },
  in: { x: 862, y: 100.5 },
  card: null,
  far: null,
  ghost: null,
  edited: false,
  away: null,
  label: '198 ms',
  ...given,
});
const line = (given: Partial<MeasuredCrossing>) => connectorPaths([crossing(given)], channel)[0];

describe('lines of the channel', () => {
  it('are straight between ends that stand level, with the latency in the middle', () => {
    expect(line({})).toMatchObject({
      path: 'M486 100.5H856',
      head: { x: 862, y: 100.5, direction: 1, hollow: false },
      plate: { x: 674, y: 100.5, text: '198 ms' },
    });
  });

  it('go round two corners along the channel’s middle otherwise, to either side', () => {
    expect(line({ in: { x: 862, y: 300.5 } })?.path).toBe('M486 100.5H668.5q6 0 6 6V294.5q0 6 6 6H856');
    expect(line({ rightwards: false, out: { x: 862, y: 300.5 }, in: { x: 486, y: 100.5 } })?.path).toBe(
      'M862 300.5H680.5q-6 0 -6 -6V106.5q0 -6 -6 -6H492',
    );
  });

  it('leave the stage where the other end is not drawn', () => {
    expect(line({ out: null, away: 'above' })?.path).toBe('M674.5 0V94.5q0 6 6 6H856');
    expect(line({ in: null, away: 'below' })?.path).toBe('M486 100.5H668.5q6 0 6 6V900');
  });

  it('are dotted with a hollow head until the message has arrived', () => {
    expect(line({ in: null, state: 'delivering' })).toMatchObject({
      path: 'M486 100.5H841',
      pending: true,
      head: { x: 848, hollow: true },
    });
  });

  it('end in a bar before the card of what was not delivered', () => {
    const failed = line({ in: null, state: 'failed', card: { x: 520, y: 100.5 } });
    expect(failed).toMatchObject({ path: 'M486 100.5H512', stop: { x: 512, y: 100.5 }, head: null });
  });

  it('go into the card of what waits, and dotted on to where it will stand', () => {
    const held = line({ in: null, state: 'parked', card: { x: 520, y: 100.5 }, far: { x: 820, y: 100.5 } });
    expect(held).toMatchObject({ path: 'M486 100.5H514', head: { x: 520, hollow: false } });
    expect(held?.rest).toEqual({ path: 'M820 100.5H841', head: { x: 848, y: 100.5, direction: 1, hollow: true } });
    const ghost = line({
      in: null,
      state: 'parked',
      card: { x: 520, y: 0 },
      far: { x: 820, y: 0 },
      ghost: { x: 862, y: 9 },
    });
    expect(ghost?.rest?.head.x).toBe(862);
  });

  it('end in a bar before the chip of what was kept back', () => {
    const back = line({ in: null, state: 'kept_back', card: { x: 600, y: 100.5 } });
    expect(back).toMatchObject({ path: 'M486 100.5H592', stop: { x: 592, y: 100.5 }, head: null });
  });

  it('end in the channel with a name where the receiver has no pane', () => {
    expect(line({ in: null, away: 'outside', label: 'to Carol' })).toMatchObject({
      path: 'M486 100.5H674.5',
      plate: { text: 'to Carol' },
    });
  });

  it('lie side by side where two would lie on each other', () => {
    const long = crossing({ in: { x: 862, y: 500.5 } });
    const other = crossing({ id: 'two', out: { x: 486, y: 200.5 }, in: { x: 862, y: 400.5 } });
    const apart = crossing({ id: 'three', out: { x: 486, y: 600.5 }, in: { x: 862, y: 700.5 } });
    const middles = connectorPaths([long, other, apart], channel).map(({ path }) => /H([\d.]+)q/.exec(path)?.[1]);
    expect(middles).toEqual(['668.5', '682.5', '668.5']);
  });
});
