import type { CrossingState } from '@/lib/domain/transcript/crossing';

/** Where a line meets a message block: on its edge towards the channel, level with its first line of text. */
export type Port = { x: number; y: number };

/** Both ends of a message as measured, in pixels from the stage's corner. Ends that are not drawn are null. */
export type MeasuredCrossing = {
  id: string;
  state: CrossingState;
  /** True where the author sits at the left. */
  rightwards: boolean;
  out: Port | null;
  in: Port | null;
  /** Edge of the card that stands for it in the channel, on the author's side, and on the other one. */
  card: Port | null;
  far: Port | null;
  /** Where it will stand in the receiver's pane, while it waits. */
  ghost: Port | null;
  /** A person changed it on the way. */
  edited: boolean;
  /** Where an end is that is not drawn: above or below what is, or outside of the two panes. */
  away: 'above' | 'below' | 'outside' | null;
  label: string | null;
};

export type Channel = { left: number; right: number; top: number; bottom: number };

/** One drawn line: its path, its ends and the plate with its words. Coordinates lie on half pixels. */
export type Connector = {
  id: string;
  path: string;
  pending: boolean;
  edited: boolean;
  /** The rest of the way of what waits: not yet gone. */
  rest: { path: string; head: Port & { direction: 1 | -1; hollow: boolean } } | null;
  port: Port | null;
  head: (Port & { direction: 1 | -1; hollow: boolean }) | null;
  /** A bar across the end: it went no further. */
  stop: Port | null;
  plate: (Port & { text: string }) | null;
};

const RADIUS = 6;
const HEAD = 7;
const LANE = 14;

/** Lines for everything that was measured, bent ones side by side where they would lie on each other. */
export function connectorPaths(crossings: readonly MeasuredCrossing[], channel: Channel): Connector[] {
  const lanes: { from: number; to: number }[][] = [];
  return crossings.flatMap((crossing) => {
    const connector = drawn(crossing, channel, (from, to) => laneOffset(lanes, from, to));
    return connector ? [connector] : [];
  });
}

type Lane = (fromY: number, toY: number) => number;

/** The first lane in which this stretch is free: the middle, then alternately right and left of it. */
function laneOffset(lanes: { from: number; to: number }[][], fromY: number, toY: number): number {
  const stretch = { from: Math.min(fromY, toY) - RADIUS, to: Math.max(fromY, toY) + RADIUS };
  const free = lanes.findIndex((lane) => lane.every((other) => other.to < stretch.from || other.from > stretch.to));
  const index = free < 0 ? lanes.length : free;
  lanes[index] = [...(lanes[index] ?? []), stretch];
  return (index % 2 === 1 ? 1 : -1) * Math.ceil(index / 2) * LANE;
}

function drawn(crossing: MeasuredCrossing, channel: Channel, lane: Lane): Connector | null {
  const { id, out, card, state } = crossing;
  const direction = crossing.rightwards ? 1 : -1;
  const middle = Math.round((channel.left + channel.right) / 2) + 0.5;
  const bare = {
    id,
    pending: false,
    edited: crossing.edited,
    rest: null,
    port: out,
    head: null,
    stop: null,
    plate: null,
  };
  if (out && card && state === 'parked') return parked(crossing, out, card, channel);
  const failed =
    state === 'kept_back' ||
    state === 'failed' ||
    state === 'outcome_unknown' ||
    state === 'refused' ||
    state === 'dropped';
  if (out && failed) {
    const end = card ? card.x - 8 * direction : middle;
    return { ...bare, path: `M${out.x} ${out.y}H${end}`, stop: { x: end, y: out.y } };
  }
  if (crossing.in) return arriving(crossing, crossing.in, channel, lane);
  if (!out) return null;
  if (crossing.away === 'above' || crossing.away === 'below') {
    const edge = crossing.away === 'above' ? channel.top : channel.bottom;
    const x = middle + lane(out.y, edge);
    return { ...bare, path: bend(out, x, edge, direction) };
  }
  if (crossing.away === 'outside') {
    const text = crossing.label ?? '';
    return { ...bare, path: `M${out.x} ${out.y}H${middle}`, plate: { x: middle, y: out.y, text } };
  }
  const far = direction > 0 ? channel.right : channel.left;
  const head = { x: far, y: out.y, direction, hollow: true } as const;
  return { ...bare, path: `M${out.x} ${out.y}H${far - HEAD * direction}`, pending: true, head };
}

/** Into the card that holds it, and dotted from there to where it will stand. */
function parked(crossing: MeasuredCrossing, out: Port, card: Port, channel: Channel): Connector {
  const direction = crossing.rightwards ? 1 : -1;
  const to = crossing.ghost?.x ?? (direction > 0 ? channel.right : channel.left);
  const far = crossing.far?.x ?? card.x;
  return {
    id: crossing.id,
    pending: false,
    edited: false,
    path: `M${out.x} ${out.y}H${card.x - (HEAD - 1) * direction}`,
    port: out,
    head: { x: card.x, y: out.y, direction, hollow: false },
    rest: { path: `M${far} ${out.y}H${to - HEAD * direction}`, head: { x: to, y: out.y, direction, hollow: true } },
    stop: null,
    plate: null,
  };
}

/** From the author's block, or from above where that is not drawn, to the block where it arrived. */
function arriving(crossing: MeasuredCrossing, to: Port, channel: Channel, lane: Lane): Connector {
  const { id, out, label } = crossing;
  const direction = crossing.rightwards ? 1 : -1;
  const middle = Math.round((channel.left + channel.right) / 2) + 0.5;
  const head = { x: to.x, y: to.y, direction, hollow: false } as const;
  const connector = { id, pending: false, edited: crossing.edited, rest: null, port: out, head, stop: null };
  const end = to.x - (HEAD - 1) * direction;
  if (out && Math.abs(out.y - to.y) < 1) {
    const plate = label ? { x: Math.round((out.x + to.x) / 2), y: out.y, text: label } : null;
    return { ...connector, path: `M${out.x} ${out.y}H${end}`, plate };
  }
  if (!out && crossing.away === 'outside') {
    const plate = label ? { x: middle, y: to.y, text: label } : null;
    return { ...connector, path: `M${middle} ${to.y}H${end}`, plate };
  }
  const from = out?.y ?? (crossing.away === 'below' ? channel.bottom : channel.top);
  const x = middle + lane(from, to.y);
  const down = to.y > from ? 1 : -1;
  const start = out ? bend(out, x, to.y - RADIUS * down, direction) : `M${x} ${from}V${to.y - RADIUS * down}`;
  const path = `${start}q0 ${RADIUS * down} ${RADIUS * direction} ${RADIUS * down}H${end}`;
  const roomy = Math.abs(to.y - from) > 48;
  return {
    ...connector,
    path,
    plate: label && out && roomy ? { x, y: Math.round((from + to.y) / 2), text: label } : null,
  };
}

/** Out of a block, round the corner at `x`, and up or down to `y`. */
function bend(out: Port, x: number, y: number, direction: 1 | -1): string {
  const down = y > out.y ? 1 : -1;
  const corner = `q${RADIUS * direction} 0 ${RADIUS * direction} ${RADIUS * down}`;
  return `M${out.x} ${out.y}H${x - RADIUS * direction}${corner}V${y}`;
}
