'use client';

import '@/lib/client/schemas-at-hand';
import { useQuery } from '@tanstack/react-query';
import { isNoSuch, NoSuch } from '@/components/shell/no-such';
import { usePageHead } from '@/components/shell/page-head';
import { LoadFailed } from '@/components/ui/load-failed';
import { LoadingRows } from '@/components/ui/skeleton';
import { taskQuery } from '@/lib/client/task-queries';
import { CompliancePanels } from './compliance-panels';
import { HowToReport } from './how-to-report';
import { PlainText } from './plain-text';
import { ReportsPanel } from './reports-panel';
import { Announcement, Outcome, Progress } from './task-facts';
import { TaskFamily } from './task-family';
import { TaskHead } from './task-head';

/** One task: what was asked, how far it is, what both sides said, and what is proved. */
export function TaskPage({ taskId }: { taskId: string }) {
  const task = useQuery(taskQuery(taskId));
  usePageHead({ crumb: task.data?.command ?? null });
  if (task.isPending) return <LoadingRows rows={5} rowClass="h-16" what="the task" />;
  if (!task.data) {
    return isNoSuch(task.error) ? <NoSuch what="task" /> : <LoadFailed what="The task" query={task} />;
  }
  return (
    // Positioned, so that what is hidden from sight in it scrolls with it and not with the document.
    <div className="thin-scroll relative flex min-h-0 flex-1 flex-col overflow-y-auto wide:overflow-hidden">
      <TaskHead task={task.data} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-3 p-3 desk:px-4 wide:min-h-0 wide:flex-1 wide:grid-cols-[minmax(0,372px)_minmax(0,1fr)_minmax(0,372px)]">
        <Column label="What was asked, and how far it is">
          <Announcement task={task.data} onPlainText={<PlainText taskId={taskId} />} />
          <Progress task={task.data} />
          <TaskFamily task={task.data} />
          <HowToReport task={task.data} />
        </Column>
        <ReportsPanel task={task.data} />
        <Column label="What is proved">
          <Outcome task={task.data} />
          <CompliancePanels taskId={taskId} />
        </Column>
      </div>
    </div>
  );
}

const Column = ({ label, children }: { label: string; children: React.ReactNode }) => (
  <section
    aria-label={label}
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    tabIndex={0}
    className="thin-scroll grid min-w-0 content-start gap-3 wide:min-h-0 focus-visible:-outline-offset-2 wide:overflow-y-auto"
  >
    {children}
  </section>
);
