import type { Metadata } from 'next';
import { TaskPage as TaskPane } from '@/components/tasks/task-page';

export const metadata: Metadata = { title: 'Task' };

export default async function TaskPage({ params }: { params: Promise<{ taskId: string }> }) {
  const { taskId } = await params;
  return <TaskPane taskId={decodeURIComponent(taskId)} />;
}
