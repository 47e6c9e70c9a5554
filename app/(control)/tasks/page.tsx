import type { Metadata } from 'next';
import { Fleet } from '@/components/tasks/fleet';

export const metadata: Metadata = { title: 'Tasks' };

export default function TasksPage() {
  return <Fleet />;
}
