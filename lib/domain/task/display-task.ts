import { isTaskOver, type Task } from '@/lib/protocol/task';
import type { TaskOutcome } from '@/lib/protocol/task-message';
import { ansi, drawBox, type Paint, plain } from './display-box';
import { harmless } from './display-width';

/** What a display shows beside the task: `efficiency` 0–1, from its compliance; null without data. */
export type DisplayFacts = { now: string; duration: string | null; efficiency: number | null };

const MILESTONES_MAX = 40;

/**
 * The three displays of seed 001 as text: the announcement, the tree of progress once the agent has begun, and the
 * completion once there is one. Boxes are 61 columns wide, whatever stands in them.
 */
export function displayTask(task: Task, facts: DisplayFacts, format: 'text' | 'ansi'): string {
  const paint = format === 'ansi' ? ansi : plain;
  const parts = [
    announcement(task, paint),
    ...(task.startedAt === null ? [] : [progressTree(task, facts, paint)]),
    ...(task.outcome === null && !isTaskOver(task.state) ? [] : [completion(task, facts, paint)]),
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function announcement(task: Task, paint: Paint): string[] {
  const box = drawBox(
    { text: '🎯 CLAUDE CODE COMMAND EXECUTION', indent: 16 },
    [
      ['Command', task.command],
      ['Purpose', task.purpose],
      ['Context', task.context],
      ['Priority', task.priority],
      ['Expected Duration', task.estimatedDuration],
      ['Task Agent', 'DEPLOYING...'],
    ],
    paint,
  );
  return [...box, '', '🚀 INITIALIZING TASK AGENT FOR COMMAND EXECUTION...'];
}

const marks = { done: '✅', running: '🔄', waiting: '⏳' } as const;

function progressTree(task: Task, { now }: DisplayFacts, paint: Paint): string[] {
  const shown = task.milestones.slice(0, MILESTONES_MAX);
  const hidden = task.milestones.length - shown.length;
  const firstDone = shown.findIndex(({ state }) => state === 'done');
  const percentage = percentageText(task);
  const lines = shown.map(({ name, state }, index) => {
    const text = `${marks[state]} ${harmless(name)}`;
    if (state === 'done') return paint.good(index === firstDone && percentage ? `${text} (${percentage})` : text);
    return state === 'running' ? `${text} (in progress...)` : text;
  });
  const tools = task.toolsActive.map(harmless).join(', ');
  return [
    `${paint.bold('📊 Command Progress')}: ${harmless(task.command)}`,
    ...(firstDone === -1 && percentage ? [`├─ ${marks.running} ${percentage}`] : []),
    ...lines.map((line) => `├─ ${line}`),
    ...(hidden > 0 ? [`├─ … and ${hidden} more`] : []),
    `└─ ${handoffMark(task)} Completion handoff`,
    ...(tools ? [`${paint.bold('⚡ Active Tools')}: ${tools}`] : []),
    ...(task.currentAction && task.endedAt === null
      ? [`${paint.bold('🎯 Current Action')}: ${harmless(task.currentAction)}`]
      : []),
    `⏱️  ${timeText(task, now)}`,
  ];
}

const percentageText = ({ progress }: Task): string | null => {
  if (progress.percentage === null) return null;
  const figure = Number(progress.percentage.toFixed(1));
  return progress.estimated ? `about ${figure}% complete, estimated` : `${figure}% complete`;
};

function handoffMark({ state, outcome }: Task): string {
  if (isTaskOver(state)) return state === 'CANCELLED' ? '❌' : marks.done;
  return outcome !== null || state === 'HANDOFF_PENDING' ? marks.running : marks.waiting;
}

/** How long it took; what is left, worked out from a reported percentage and from nothing else. */
function timeText({ startedAt, endedAt, progress, estimatedDuration }: Task, now: string): string {
  const elapsedMs = Math.max(0, Date.parse(endedAt ?? now) - Date.parse(startedAt ?? now));
  const elapsed = `Elapsed: ${durationText(elapsedMs)}`;
  if (endedAt !== null) return elapsed;
  const { percentage, estimated } = progress;
  if (percentage !== null && percentage > 0 && percentage < 100 && !estimated) {
    return `${elapsed} | Estimated: ${durationText((elapsedMs * (100 - percentage)) / percentage)} remaining`;
  }
  return estimatedDuration === null ? elapsed : `${elapsed} | Estimated: ${harmless(estimatedDuration)} in all`;
}

/** `1m 30s`, `2h 5m`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  if (hours > 0) return `${hours}h ${minutes}m`;
  return minutes > 0 ? `${minutes}m ${seconds % 60}s` : `${seconds}s`;
}

const titles: Readonly<Record<TaskOutcome | 'CANCELLED', { text: string; mark: string }>> = {
  SUCCESS: { text: '✅ COMMAND EXECUTION COMPLETED', mark: '✅' },
  PARTIAL_SUCCESS: { text: '🔶 COMMAND EXECUTION COMPLETED IN PART', mark: '🔶' },
  FAILED: { text: '❌ COMMAND EXECUTION FAILED', mark: '❌' },
  CANCELLED: { text: '❌ COMMAND EXECUTION CANCELLED', mark: '❌' },
};

function completion(task: Task, { duration, efficiency, now }: DisplayFacts, paint: Paint): string[] {
  const status = isTaskOver(task.state) ? endOf(task) : (task.outcome ?? 'CANCELLED');
  const { text, mark } = titles[status];
  const tookMs = task.startedAt === null ? null : Date.parse(task.endedAt ?? now) - Date.parse(task.startedAt);
  const box = drawBox(
    { text, indent: 14 },
    [
      ['Command', task.command],
      ['Status', `${status} ${mark}`],
      ['Duration', duration ?? (tookMs === null ? null : durationText(tookMs))],
      ['Tools Used', task.toolsUsed.length > 0 ? task.toolsUsed.join(', ') : null],
      ['Results', task.summary],
      ['Task Agent Performance', efficiency === null ? null : `${Math.round(100 * efficiency)}% efficiency`],
    ],
    paint,
  );
  const isBack = isTaskOver(task.state) && task.state !== 'CANCELLED';
  return isBack ? [...box, '', '🎯 Control returned to principal agent. Ready for next command.'] : box;
}

function endOf({ state }: Task): TaskOutcome | 'CANCELLED' {
  return state === 'SUCCESS' || state === 'PARTIAL_SUCCESS' || state === 'FAILED' ? state : 'CANCELLED';
}
