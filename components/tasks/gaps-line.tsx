import { counted } from '@/components/ui/count-text';
import { pauseText } from '@/components/ui/duration-text';

const BARS = 24;
const WIDTH = 104;
const HEIGHT = 18;
const STEP = WIDTH / BARS;

/**
 * The pauses between the last reports as small bars, oldest first, against the longest that is allowed (dotted). A pause
 * beyond it is amber; the one that is still growing stands at the end.
 */
export function GapsLine({
  gapsMs,
  growingMs,
  limitMs,
}: {
  gapsMs: readonly number[];
  growingMs: number | null;
  limitMs: number;
}) {
  const all = [...gapsMs, ...(growingMs === null ? [] : [growingMs])].slice(-BARS);
  if (all.length === 0) return <span className="text-text-3">–</span>;
  const top = Math.max(limitMs * 1.4, ...all);
  const late = all.filter((gap) => gap > limitMs).length;
  const y = (gap: number) => HEIGHT - Math.max(1, (gap / top) * HEIGHT);
  // One path for all of them: a long list draws very many.
  const bars = (isOne: (gap: number) => boolean) =>
    all
      .map((gap, index) =>
        isOne(gap) ? `M${WIDTH - (all.length - index) * STEP} ${HEIGHT}V${y(gap)}h${STEP - 1}V${HEIGHT}Z` : '',
      )
      .join('');
  const words = `${counted(all.length, 'pause')} between reports, the longest ${pauseText(Math.max(...all))}, ${late} beyond ${pauseText(limitMs)}`;
  return (
    <svg role="img" aria-label={words} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="h-[18px] w-[104px]">
      <line x1="0" x2={WIDTH} y1={y(limitMs)} y2={y(limitMs)} stroke="var(--line-strong)" strokeDasharray="2 2" />
      <path d={bars((gap) => gap <= limitMs)} fill="var(--text-3)" />
      <path d={bars((gap) => gap > limitMs)} fill="var(--wait)" stroke="var(--wait-line)" />
    </svg>
  );
}
