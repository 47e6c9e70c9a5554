import { cutText } from '@/components/ui/cut-text';
import { latencyText } from '@/components/ui/duration-text';
import type { Crossing } from '@/lib/domain/transcript/crossing';
import { reviewOf } from '@/lib/domain/transcript/review';
import { findRow, type Transcript } from '@/lib/domain/transcript/transcript-state';
import type { Channel, MeasuredCrossing, Port } from './connector-paths';
import { authorName, receiverName } from './crossing-end';
import { crossingEnd } from './row-ends';
import type { Who } from './stage-context';

/** From a block's upper edge to the middle of its first line. */
const FIRST_LINE = 17;
/** A longer name would not fit on its plate. */
const NAME_MAX = 24;

/**
 * Both ends of every message that is drawn in `box`, and where the channel lies, as they stand on the screen now. `drawn` are the
 * places of the first and the last moment in it.
 */
export function measureCrossings(
  box: HTMLElement,
  transcript: Transcript,
  [first, last]: readonly [number, number],
  who: Who,
): [MeasuredCrossing[], Channel] {
  const origin = box.getBoundingClientRect();
  const channelBox = box.querySelector('[data-channel]')?.getBoundingClientRect() ?? origin;
  const channel = {
    left: Math.round(channelBox.left - origin.left),
    right: Math.round(channelBox.right - origin.left),
    top: -40,
    bottom: Math.round(origin.height) + 40,
  };
  const middle = (channel.left + channel.right) / 2;
  const portOf = (element: Element): Port => {
    const rect = element.getBoundingClientRect();
    const isLeft = rect.left - origin.left < middle;
    const x = Math.round((isLeft ? rect.right : rect.left) - origin.left);
    return { x, y: Math.round(rect.top - origin.top + FIRST_LINE) + 0.5 };
  };
  const ports = {
    out: portsBy(box, 'out', portOf),
    in: portsBy(box, 'in', portOf),
    card: portsBy(box, 'card', portOf),
    ghost: portsBy(box, 'ghost', portOf),
  };
  const ids = new Set([...ports.out.keys(), ...ports.in.keys()]);
  const crossings = [...ids].flatMap((id) => {
    const crossing = transcript.crossings.get(id);
    if (!crossing) return [];
    const ends = { out: ports.out.get(id) ?? null, in: ports.in.get(id) ?? null };
    const rightwards = ends.out ? ends.out.x < middle : (ends.in?.x ?? 0) > middle;
    const cardBox = ports.card.has(id) ? box.querySelector(`[data-card="${CSS.escape(id)}"]`) : null;
    const edge = cardBox?.getBoundingClientRect();
    const sideAt = (atLeft: boolean): Port | null =>
      edge && ends.out ? { x: (atLeft ? edge.left : edge.right) - origin.left, y: ends.out.y } : null;
    const held = { card: sideAt(rightwards), far: sideAt(!rightwards), ghost: ports.ghost.get(id) ?? null };
    const away = awayOf(crossing, ends, transcript, first, last);
    const state = crossingEnd(transcript, crossing).state;
    const decided = reviewOf(crossing.steps)?.settled;
    const label = decided ? null : labelOf(crossing, away, ends.out !== null, who); // the chip stands there
    const edited = decided?.status === 'edited';
    return [{ id, state, rightwards, ...ends, ...held, edited, away, label }];
  });
  return [crossings, channel];
}

function portsBy(
  box: HTMLElement,
  name: 'out' | 'in' | 'card' | 'ghost',
  portOf: (element: Element) => Port,
): Map<string, Port> {
  const ports = new Map<string, Port>();
  for (const element of box.querySelectorAll<HTMLElement>(`[data-${name}]`)) {
    for (const id of element.dataset[name]?.split(' ') ?? []) ports.set(id, portOf(element));
  }
  return ports;
}

/** Where the end is that was not measured: beyond the drawn rows, in no pane that is shown, or nowhere yet. */
function awayOf(
  crossing: Crossing,
  ends: { out: Port | null; in: Port | null },
  transcript: Transcript,
  first: number,
  last: number,
): MeasuredCrossing['away'] {
  if (ends.out && ends.in) return null;
  const id = ends.out ? crossing.arrivalRow : crossing.authorRow;
  const row = id ? findRow(transcript, id) : undefined;
  if (row && transcript.shown.includes(row.seat))
    return row.place < first ? 'above' : row.place > last ? 'below' : null;
  const seat = ends.out ? crossing.to : crossing.from;
  const isElsewhere = seat === null || !transcript.shown.includes(seat);
  return isElsewhere ? 'outside' : ends.out ? null : 'above';
}

function labelOf(crossing: Crossing, away: MeasuredCrossing['away'], isAuthor: boolean, who: Who): string | null {
  const latency = crossing.latencyMs === null ? null : latencyText(crossing.latencyMs);
  if (away !== 'outside') return latency;
  const name = isAuthor ? `to ${receiverName(crossing, who)}` : `from ${authorName(crossing, who)}`;
  return [cutText(name, NAME_MAX, '…'), latency].filter(Boolean).join(' · ');
}
