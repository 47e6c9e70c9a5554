'use client';

import { classNames } from './class-names';
import { HostileText } from './hostile-text';
import { lazyModule } from './lazy-module';

const markdown = lazyModule(() => import('./agent-markdown'));

/** Markdown as an agent wrote it (agent-markdown.tsx). What reads it is loaded with the first such text, which stands as it was written until then. */
export function AgentText({ text, className }: { text: string; className?: string }) {
  const reader = markdown.useLoaded(true);
  if (reader) return <reader.AgentMarkdown text={text} {...(className === undefined ? {} : { className })} />;
  return (
    <div dir="auto" className={classNames('isolate text-talk text-pretty [overflow-wrap:anywhere]', className)}>
      <HostileText text={text} />
    </div>
  );
}
