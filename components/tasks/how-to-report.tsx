'use client';

import Link from 'next/link';
import { CopyButton } from '@/components/ui/copy-button';
import { Panel } from '@/components/ui/panel';
import type { Task } from '@/lib/protocol/task';

const script = (task: Task, origin: string) => `curl ${origin}/api/tasks/${task.id}/reports \\
  -H "Authorization: Bearer $PARLEY_KEY" -H "Content-Type: application/json" \\
  -d '${JSON.stringify({
    type: 'INITIALIZATION',
    timestamp: new Date(Date.parse(task.createdAt)).toISOString(),
    agent_id: 'task-agent-001',
    command: task.command,
  }).replaceAll("'", String.raw`'\''`)}'`;

/** For an agent that has not said anything yet: how its first report gets here. */
export function HowToReport({ task }: { task: Task }) {
  if (task.runner !== 'external' || task.startedAt !== null) return null;
  const text = script(task, window.location.origin); // the server, which draws no task, does not know by which name it is reached
  return (
    <Panel title="How its agent reports" end={<CopyButton label="Copy the first report" text={() => text} />}>
      <div className="grid gap-2 px-3 py-2.5">
        <p className="text-pretty text-text-2">
          Make a <Link href="/settings?section=keys">key</Link> for an agent, bound to this task, and let the agent send
          its first report. The clocks begin with it.
        </p>
        <pre className="thin-scroll overflow-x-auto rounded-control border border-line bg-ground p-2 font-mono text-mono">
          {text}
        </pre>
      </div>
    </Panel>
  );
}
