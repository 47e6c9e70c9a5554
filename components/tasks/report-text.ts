import type { TaskReport } from '@/lib/protocol/task-message';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const sentence = (...parts: (string | undefined)[]) => parts.filter(Boolean).join('. ');

/** A report in a line or two. */
export function reportText(report: TaskReport): string {
  switch (report.type) {
    case 'INITIALIZATION':
      return sentence(
        report.command,
        report.context,
        report.estimated_duration && `Expects ${report.estimated_duration}`,
      );
    case 'PROGRESS_UPDATE':
      return sentence(
        [report.progress_percentage === undefined ? '' : `${report.progress_percentage} %`, report.current_action ?? '']
          .filter(Boolean)
          .join(', '),
        report.next_milestone && `Next: ${report.next_milestone}`,
      );
    case 'MILESTONE_COMPLETED':
      return sentence(
        report.milestone,
        report.evidence && `Evidence: ${report.evidence}`,
        report.next_action && `Next: ${report.next_action}`,
      );
    case 'ERROR_REPORT':
      return sentence(
        `${report.error_type}${report.blocking === undefined ? '' : report.blocking ? ', blocking' : ', not blocking'}`,
        report.error_details,
        report.recovery_action,
        report.estimated_delay && `Delay ${report.estimated_delay}`,
      );
    case 'COMPLETION':
      return sentence(report.status, report.results_summary, report.duration && `Took ${report.duration}`);
    case 'HANDOFF_REQUEST':
      return sentence(text(report.final_status), report.user_notification);
  }
}
