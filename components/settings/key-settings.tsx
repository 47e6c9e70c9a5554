'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { LoadFailed } from '@/components/ui/load-failed';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { LoadingRows } from '@/components/ui/skeleton';
import { Tag } from '@/components/ui/tag';
import { tellFailed } from '@/components/ui/tell-failed';
import { useCreateKey, useRevokeKey } from '@/lib/client/key-mutations';
import { keysQuery } from '@/lib/client/people-queries';
import type { ApiKey } from '@/lib/protocol/api-key';
import { CreateKeyForm } from './create-key-form';

/** Keys for programs and agents. */
export function KeySettings() {
  const keys = useQuery(keysQuery);
  const create = useCreateKey();
  return (
    <>
      <Panel title="New key">
        <CreateKeyForm create={create} />
      </Panel>
      <Panel title="Keys" beside={keys.data && `${keys.data.items.length}`}>
        {keys.isPending && <LoadingRows rows={2} rowClass="h-11" what="keys" />}
        <LoadFailed what="The keys" query={keys} />
        {keys.data?.items.length === 0 && <p className="px-3 py-2.5 text-text-2">There is none.</p>}
        <ul>
          {keys.data?.items.map((key) => (
            <KeyRow key={key.id} apiKey={key} onRevoked={() => create.data?.id === key.id && create.reset()} />
          ))}
        </ul>
      </Panel>
    </>
  );
}

function KeyRow({ apiKey, onRevoked }: { apiKey: ApiKey; onRevoked: () => void }) {
  const revoke = useRevokeKey();
  const [asking, setAsking] = useState(false);
  const { id, name, role, audience, agentIds, taskIds, person, expiresAt, lastUsedAt } = apiKey;
  return (
    <li className="flex min-h-11 items-center gap-3 border-line border-t px-3 py-1.5 first:border-t-0">
      <div className="min-w-0 flex-1">
        <p className="font-control [overflow-wrap:anywhere]">{name}</p>
        <p className="text-pretty text-meta text-text-2">
          of {person.name}, {lastUsedAt === null ? 'never used' : 'used '}
          {lastUsedAt !== null && <RelativeTime at={lastUsedAt} phrase />},{' '}
          {expiresAt === null ? 'without end' : 'ends '}
          {expiresAt !== null && <RelativeTime at={expiresAt} phrase />}
        </p>
      </div>
      <Tag>{audience === 'agent' ? `agent, ${agentIds.length + taskIds.length} bound` : role}</Tag>
      <Button size="small" variant="danger" onClick={() => setAsking(true)}>
        Revoke
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Revoke ${name}?`}
        description="Whatever uses it is refused from now on. A revoked key does not come back."
        confirm="Revoke"
        busy={revoke.isPending}
        onConfirm={() =>
          revoke.mutate(id, {
            onSuccess: () => {
              setAsking(false);
              onRevoked();
            },
            onError: tellFailed,
          })
        }
      />
    </li>
  );
}
