import { counted } from '@/components/ui/count-text';
import type { DoctorReport } from '@/lib/protocol/doctor';

const ordinals = ['1st', '2nd', '3rd'];
const ordinal = (position: number) => ordinals[position - 1] ?? `${position}th`;

/** `0.8 ms`, `22 ms`, `1.2 s`. */
export function durationText(ms: number): string {
  if (ms < 1) return `${ms.toFixed(1)} ms`;
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** `6 checks, stopped at the 4th after 30 ms`, or that all passed. */
export function summaryText({ checks }: DoctorReport): string {
  const total = durationText(checks.reduce((sum, check) => sum + (check.ms ?? 0), 0));
  const failedAt = checks.findIndex((check) => check.state === 'failed') + 1;
  const count = counted(checks.length, 'check');
  return failedAt > 0 ? `${count}, stopped at the ${ordinal(failedAt)} after ${total}` : `${count} passed in ${total}`;
}

/** The report as plain text, for an issue or a colleague. */
export function reportText(report: DoctorReport): string {
  const marks = { passed: '[ok]  ', failed: '[fail]', not_tried: '[ - ] ' };
  const lines = report.checks.map(({ state, name, ms, detail }) => {
    const time = ms === null ? 'not tried' : durationText(ms);
    return `${marks[state]} ${name} (${time})${detail === '' ? '' : `: ${detail}`}`;
  });
  const cameBack = report.cameBack === null ? [] : ['', 'What came back:', report.cameBack];
  const advice = report.advice === null ? [] : ['', 'What to do:', report.advice];
  return [`Parley doctor: ${summaryText(report)}`, ...lines, ...cameBack, ...advice].join('\n');
}

/** Whether every check passed. */
export const allPassed = (report: DoctorReport): boolean => report.checks.every((check) => check.state === 'passed');

/** The field that a failed examination points at, with the words to put under it. */
export function blamedField(report: DoctorReport): { field: 'url' | 'token'; message: string } | null {
  const failed = report.checks.find((check) => check.state === 'failed');
  if (!failed) return null;
  const refused = /\b40[13]\b/.exec(`${failed.detail} ${report.cameBack ?? ''}`);
  if (refused) return { field: 'token', message: `The server refused this token (${refused[0]}).` };
  return { field: 'url', message: failed.detail || `${failed.name} failed` };
}
