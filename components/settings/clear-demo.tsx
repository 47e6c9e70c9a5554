'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { tellFailed } from '@/components/ui/tell-failed';
import { showToast } from '@/components/ui/toast';
import { useClearDemo } from '@/lib/client/settings-mutations';

/** The way to be rid of Alice and Bob, and of what belongs to them. */
export function ClearDemo() {
  const [isAsking, setIsAsking] = useState(false);
  const clear = useClearDemo();
  return (
    <>
      <Button onClick={() => setIsAsking(true)}>Clear the demo</Button>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setIsAsking}
        title="Clear the demo?"
        description="Alice and Bob are deleted, their conversation leaves the list with its drafts, and their task is cancelled. What happened stays in the ledger, and the demo can be started again here."
        confirm="Clear the demo"
        busy={clear.isPending}
        onConfirm={() =>
          clear.mutate(null, {
            onSuccess: () => {
              setIsAsking(false);
              showToast({ text: 'The demo is cleared.', tone: 'done' });
            },
            onError: tellFailed,
          })
        }
      />
    </>
  );
}
