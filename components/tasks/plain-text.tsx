'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import { HostileText } from '@/components/ui/hostile-text';
import { LoadFailed } from '@/components/ui/load-failed';
import { LoadingRows } from '@/components/ui/skeleton';
import { displayQuery } from '@/lib/client/task-queries';

/** The seed's displays as text, for a terminal or a chat. */
export function PlainText({ taskId }: { taskId: string }) {
  const [open, setOpen] = useState(false);
  const display = useQuery({ ...displayQuery(taskId), enabled: open });
  return (
    <>
      <Button size="small" variant="quiet" onClick={() => setOpen(true)}>
        Plain text
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Plain text"
        description="As it looks in a terminal, or pasted into a chat."
        footer={display.data !== undefined && <CopyButton label="Copy" withWord text={() => display.data} />}
      >
        <LoadFailed what="The text" query={display} />
        {display.isPending && <LoadingRows rows={5} rowClass="h-5" what="the text" />}
        {display.data !== undefined && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, by keys too
          <pre tabIndex={0} className="thin-scroll overflow-x-auto font-mono text-mono leading-4">
            <HostileText text={display.data} wrap={false} className="whitespace-pre" />
          </pre>
        )}
      </Dialog>
    </>
  );
}
