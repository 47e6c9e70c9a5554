'use client';

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { classNames } from '@/components/ui/class-names';
import { hueClass } from '@/components/ui/seat-hue';
import { wantsStillness } from '@/components/ui/wants-stillness';
import type { Crossing } from '@/lib/domain/transcript/crossing';
import type { Transcript } from '@/lib/domain/transcript/transcript-state';
import { type Connector, connectorPaths } from './connector-paths';
import { measureCrossings } from './measure-crossings';
import { useLit, useStage } from './stage-context';

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
    const next = connectorPaths(...measureCrossings(box, transcript, drawn, who)).map((connector) => {
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

/** The message moves along its line, once; not for readers who want nothing to move. */
function crossOnce(path: SVGPathElement | null): void {
  if (!path || wantsStillness()) return;
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
