import { pauseText } from '@/components/ui/duration-text';
import { clockTimeText } from '@/components/ui/relative-time-text';
import type { Task } from '@/lib/protocol/task';

/** Where silence stands between the last word and the moment at which the agent counts as failed, in words and drawn. */
export function SilenceRuler({ task, silentMs, standsAtMs }: { task: Task; silentMs: number; standsAtMs: number }) {
  const { silenceMs, graceMs } = task.clocks;
  const whole = silenceMs + graceMs;
  const share = (ms: number) => `${Math.min(100, (ms / whole) * 100)}%`;
  // The words at both ends need their place.
  const hasRoom = silenceMs / whole > 0.2 && silenceMs / whole < 0.8;
  const heard = task.lastHeardAt === null ? '' : clockTimeText(Date.parse(task.lastHeardAt));
  return (
    <div
      role="img"
      aria-label={`Silent for ${pauseText(silentMs)}; asked after ${pauseText(silenceMs)}, failed after ${pauseText(whole)}`}
    >
      <div className="relative h-1.5 bg-line">
        <span
          className="absolute inset-y-0 left-0 bg-text-3"
          style={{ width: share(Math.min(standsAtMs, silenceMs)) }}
        />
        {standsAtMs > silenceMs && (
          <span
            className="absolute inset-y-0 bg-wait-line"
            style={{ left: share(silenceMs), width: share(Math.min(standsAtMs, whole) - silenceMs) }}
          />
        )}
        <span className="absolute -inset-y-1 w-0.5 bg-ink" style={{ left: share(standsAtMs) }} />
      </div>
      <div aria-hidden="true" className="relative mt-1 h-4 text-micro text-text-2">
        <span className="absolute left-0">last word {heard}</span>
        {hasRoom && (
          <span className="-translate-x-1/2 absolute max-desk:hidden" style={{ left: share(silenceMs) }}>
            {pauseText(silenceMs)} asked
          </span>
        )}
        <span className="absolute right-0">{pauseText(whole)} counts as failed</span>
      </div>
    </div>
  );
}
