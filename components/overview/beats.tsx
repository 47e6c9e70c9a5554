import { seatHue } from '@/components/ui/seat-hue';
import type { Beat } from './last-words';

const WIDTH = 120;
const HEIGHT = 16;
const STEP = 4;
const MIDDLE = HEIGHT / 2;

/** Height in px of what a seat wrote within one step; a long text is not much taller than a middling one. */
const heightOf = (length: number) => Math.min(MIDDLE - 1, 1.5 + Math.log2(1 + length / 24) * 1.4);

/**
 * A small history of who wrote when, over the time that the beats span: the first seat above the line, the others
 * below. Decorative: the row says the same in words.
 */
export function Beats({ beats }: { beats: readonly Beat[] }) {
  const times = beats.map((beat) => beat.at);
  const first = Math.min(...times);
  const span = Math.max(...times) - first || 1;
  const bars = new Map<string, { x: number; seat: string; length: number }>();
  for (const beat of beats) {
    const x = Math.round(((beat.at - first) / span) * (WIDTH / STEP - 1)) * STEP;
    const key = `${beat.seat}-${x}`;
    bars.set(key, { x, seat: beat.seat, length: (bars.get(key)?.length ?? 0) + beat.length });
  }
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" className="hidden h-4 w-[120px] flex-none wide:block">
      {[...bars].map(([key, { x, seat, length }]) => {
        const height = heightOf(length);
        return (
          <rect
            key={key}
            x={x}
            y={seat === 'a' ? MIDDLE - 0.5 - height : MIDDLE + 0.5}
            width="2"
            height={height}
            fill={`var(--${seatHue(seat)})`}
          />
        );
      })}
    </svg>
  );
}
