'use client';

import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { tellFailed } from '@/components/ui/tell-failed';
import { useRemoveLettaServer } from '@/lib/client/letta-server-mutations';
import type { LettaServer } from '@/lib/protocol/letta-server';

type RemoveServerProps = { server: LettaServer; open: boolean; onOpenChange: (open: boolean) => void };

export function RemoveServer({ server, open, onOpenChange }: RemoveServerProps) {
  const remove = useRemoveLettaServer(server.name);
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Remove ${server.name}?`}
      description="Parley forgets its address and token and sets its tools back. Its agents stay on the server; its open conversations stop."
      confirm={`Remove ${server.name}`}
      busy={remove.isPending}
      onConfirm={() =>
        remove.mutate(null, {
          onSuccess: () => onOpenChange(false),
          onError: tellFailed,
        })
      }
    />
  );
}
