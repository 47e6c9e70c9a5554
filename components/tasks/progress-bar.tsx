import { classNames } from '@/components/ui/class-names';
import type { Task } from '@/lib/protocol/task';

type ProgressBarProps = {
  progress: Task['progress'];
  /** Milestones in order: ticks through the bar, at equal distances. */
  milestones: Task['milestones'];
  state: Task['state'];
  className?: string;
};

/** Where milestones stand on the bar, in per cent: nobody reports where, so they share it equally. */
const ticks = (count: number) => Array.from({ length: Math.max(0, count - 1) }, (_, at) => ((at + 1) / count) * 100);

const hatch = 'bg-[repeating-linear-gradient(135deg,var(--line-strong)_0_3px,transparent_3px_6px)]';

/**
 * How far a task says it is. What is estimated is drawn as an estimate; without a figure there is no bar, only a hatched
 * track: nothing is invented.
 */
export function ProgressBar({ progress, milestones, state, className }: ProgressBarProps) {
  const { percentage, estimated, wentBackFrom } = progress;
  const words =
    percentage === null
      ? state === 'QUEUED'
        ? '–'
        : milestones.length > 0
          ? 'no figure'
          : 'no plan'
      : `${estimated ? '≈ ' : ''}${Math.round(percentage)} %`;
  const why =
    wentBackFrom === null
      ? estimated
        ? 'Estimated: not reported'
        : undefined
      : `It went back from ${Math.round(wentBackFrom)} %, as reported`;
  return (
    <span className={classNames('flex min-w-0 items-center gap-2', className)} title={why}>
      <span
        role="progressbar"
        aria-label="Progress"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={words}
        {...(percentage === null ? {} : { 'aria-valuenow': Math.round(percentage) })}
        className={classNames('relative h-1.5 min-w-8 flex-1 bg-line', percentage === null && hatch)}
      >
        {percentage !== null && (
          <span
            className={classNames(
              'absolute inset-y-0 left-0 transition-[width] duration-200 motion-reduce:transition-none',
              estimated ? hatch : state === 'FAILED' ? 'bg-fail' : 'bg-text-2',
            )}
            style={{ width: `${percentage}%` }}
          />
        )}
        {ticks(milestones.length).map((at) => (
          <span key={at} className="absolute -inset-y-[3px] w-px bg-text-3" style={{ left: `${at}%` }} />
        ))}
      </span>
      <span className="w-14 flex-none text-right text-text-2">
        {words}
        {wentBackFrom !== null && <span className="text-fail-text"> ↓</span>}
      </span>
    </span>
  );
}
