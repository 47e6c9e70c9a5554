'use client';

import { useQuery } from '@tanstack/react-query';
import { deviceName } from '@/components/people/device-name';
import { Button } from '@/components/ui/button';
import { LoadFailed } from '@/components/ui/load-failed';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { LoadingRows } from '@/components/ui/skeleton';
import { Tag } from '@/components/ui/tag';
import { tellFailed } from '@/components/ui/tell-failed';
import { useEndOtherSessions, useEndSession } from '@/lib/client/me-mutations';
import { sessionsQuery } from '@/lib/client/people-queries';

const methods = {
  link: 'by link',
  invitation: 'by invitation',
  password: 'by password',
  passkey: 'by passkey',
} as const;

/** Where one is signed in. */
export function SessionPanel() {
  const sessions = useQuery(sessionsQuery);
  const end = useEndSession();
  const endOthers = useEndOtherSessions();
  return (
    <Panel
      title="Sessions"
      beside="where you are signed in"
      end={
        (sessions.data?.items.length ?? 0) > 1 && (
          <Button
            size="small"
            busy={endOthers.isPending}
            onClick={() => endOthers.mutate(null, { onError: tellFailed })}
          >
            End all others
          </Button>
        )
      }
    >
      {sessions.isPending && <LoadingRows rows={1} rowClass="h-11" what="sessions" />}
      <LoadFailed what="The sessions" query={sessions} />
      <ul>
        {sessions.data?.items.map(({ id, method, address, userAgent, createdAt, current }) => (
          <li key={id} className="flex min-h-11 items-center gap-3 border-line border-t px-3 py-1.5 first:border-t-0">
            <span className="min-w-0 flex-1 truncate" title={userAgent}>
              <span className="font-control">{deviceName(userAgent)}</span>{' '}
              <span className="text-meta text-text-3">
                {address}, {methods[method]}, <RelativeTime at={createdAt} phrase />
              </span>
            </span>
            {current ? (
              <Tag tone="done">this one</Tag>
            ) : (
              <Button
                size="small"
                variant="danger"
                busy={end.isPending && end.variables === id}
                onClick={() => end.mutate(id, { onError: tellFailed })}
              >
                End it
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
