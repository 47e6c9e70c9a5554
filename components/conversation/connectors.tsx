'use client';

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { classNames } from '@/components/ui/class-names';
import { latencyText } from '@/components/ui/duration-text';
import { hueClass } from '@/components/ui/seat-hue';
import type { Crossing } from '@/lib/domain/transcript/crossing';
import { reviewOf } from '@/lib/domain/transcript/review';
import { findRow, type Transcript } from '@/lib/domain/transcript/transcript-state';
import { type Channel, type Connector, connectorPaths, type MeasuredCrossing, type Port } from './connector-paths';
import { authorName, receiverName } from './crossing-end';
import { crossingEnd } from './row-ends';
import { useLit, useStage, type Who } from './stage-context';

/** From a block's upper edge to the middle of its first line. */
const FIRST_LINE = 17;

type ConnectorsProps = {
  transcript: Transcript;
  /** What holds the drawn rows; lines are in its coordinates. */
  container: RefObject<HTMLDivElement | null>;
  /** Places of the first and the last moment that are drawn. */
  drawn: readonly [first: number, last: number];
};

type Drawn = Connector & { fresh: boolean };

/** The lines of the channel, behind the rows, from what is measured once a frame. */
export function Connectors({ transcript, container, drawn }: ConnectorsProps) {
  const { who } = useStage();
  const [connectors, setConnectors] = useState<readonly Drawn[]>([]);
  const waiting = useRef(new Set<string>());
  useOncePerFrame(container, (box) => {
    const next = connectorPaths(...measured(box, transcript, drawn, who)).map((connector) => {
      const isPending = connector.pending || connector.rest !== null;
      const fresh = !isPending && connector.head !== null && waiting.current.delete(connector.id);
      if (isPending) waiting.current.add(connector.id);
      return { ...connector, fresh };
    });
    setConnectors((old) => (isSamePicture(old, next) ? old : next));
  });
  return (
    <svg
      aria-hidden="true"
      className="pointer-events-none absolute inset-0 hidden size-full overflow-visible desk:block"
    >
      {connectors.map((connector) => (
        <Line key={connector.id} connector={connector} crossing={transcript.crossings.get(connector.id)} />
      ))}
    </svg>
  );
}

const isSamePicture = (old: readonly Drawn[], next: readonly Drawn[]): boolean =>
  JSON.stringify(old) === JSON.stringify(next);

/** Runs `work` before the next paint, once, after every change of this part and of the container's size. */
function useOncePerFrame(container: RefObject<HTMLDivElement | null>, work: (box: HTMLElement) => void): void {
  const latest = useRef(work);
  const frame = useRef(0);
  const schedule = useCallback(() => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => {
      const box = container.current;
      if (box) flushSync(() => latest.current(box));
    });
  }, [container]);
  useLayoutEffect(() => {
    latest.current = work;
    schedule();
  });
  useEffect(() => {
    const observer = new ResizeObserver(schedule);
    if (container.current) observer.observe(container.current);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame.current);
    };
  }, [container, schedule]);
}

function measured(
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
  return [name.length > 24 ? `${name.slice(0, 23)}…` : name, latency].filter(Boolean).join(' · ');
}

/** The message moves along its line, once; not for readers who want nothing to move. */
function crossOnce(path: SVGPathElement | null): void {
  if (!path || window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const length = path.getTotalLength();
  const frames = [length, 0].map((strokeDashoffset) => ({ strokeDasharray: length, strokeDashoffset }));
  path.animate(frames, { duration: 240, easing: 'ease-out' });
}

const CHARACTER = 6.7;

function Line({ connector, crossing }: { connector: Drawn; crossing: Crossing | undefined }) {
  const { who } = useStage();
  const lit = useLit([connector.id]);
  const hue = crossing?.spokenBy ? 'human' : (crossing?.from && who[crossing.from]?.hue) || 'd';
  const { path, pending, port, head, rest, stop, plate } = connector;
  const width = Math.round((plate?.text.length ?? 0) * CHARACTER) + 14;
  return (
    <g className={hueClass[hue]}>
      <path
        d={path}
        fill="none"
        stroke="var(--seat)"
        strokeWidth={lit ? 2 : 1.25}
        {...(pending ? { strokeDasharray: '3 4' } : connector.edited ? { strokeDasharray: '7 3' } : {})}
        ref={connector.fresh ? crossOnce : undefined}
      />
      {port && <rect x={port.x - 2.5} y={port.y - 2.5} width="5" height="5" fill="var(--seat)" />}
      {head && <Head head={head} />}
      {rest && (
        <>
          <path d={rest.path} fill="none" stroke="var(--seat)" strokeWidth="1.25" strokeDasharray="3 4" />
          <Head head={rest.head} />
        </>
      )}
      {stop && <path d={`M${stop.x} ${stop.y - 5}v10`} stroke="var(--seat)" strokeWidth="2" />}
      {plate && (
        <>
          <rect
            x={plate.x - width / 2}
            y={plate.y - 9}
            width={width}
            height="18"
            rx="3"
            fill={lit ? 'var(--seat-wash-2)' : 'var(--sunken)'}
            stroke={lit ? 'var(--seat)' : 'none'}
          />
          <text
            x={plate.x}
            y={plate.y + 4}
            textAnchor="middle"
            className={classNames('font-mono text-micro', lit ? 'fill-seat-text font-strong' : 'fill-text-2')}
          >
            {plate.text}
          </text>
        </>
      )}
    </g>
  );
}

const Head = ({ head: { x, y, direction, hollow } }: { head: NonNullable<Connector['head']> }) => (
  <path
    d={`M${x} ${y}l${-7 * direction} -4v8z`}
    fill={hollow ? 'var(--sunken)' : 'var(--seat)'}
    stroke={hollow ? 'var(--seat)' : 'none'}
    strokeWidth="1.25"
  />
);
