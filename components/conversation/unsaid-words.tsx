'use client';

import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { oneLine } from '@/components/ui/cut-text';
import { HostileText } from '@/components/ui/hostile-text';

type UnsaidWordsProps = { words: string; text: string; onDiscard: () => void };

/** What the reader typed before a seat was lost or taken, or the conversation stopped: kept until they let go of it. */
export function UnsaidWords({ words, text, onDiscard }: UnsaidWordsProps) {
  return (
    <p className="flex min-w-0 items-center gap-2 border-line border-b bg-surface px-3 py-1 text-meta text-text-2 wide:px-4">
      <span className="flex-none">{words}</span>
      <span className="min-w-0 flex-1 truncate text-text">
        <HostileText text={oneLine(text)} wrap={false} />
      </span>
      <CopyButton label="Copy what was not sent" text={() => text} />
      <Button size="small" variant="quiet" onClick={onDiscard}>
        Discard
      </Button>
    </p>
  );
}
