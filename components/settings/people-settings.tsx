'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { roleWords } from '@/components/people/role-words';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { LoadFailed } from '@/components/ui/load-failed';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { Select } from '@/components/ui/select';
import { LoadingRows } from '@/components/ui/skeleton';
import { Tag } from '@/components/ui/tag';
import { tellFailed } from '@/components/ui/tell-failed';
import { Tile } from '@/components/ui/tile';
import { useCaller } from '@/lib/client/caller';
import { useChangePerson, useRemovePerson } from '@/lib/client/people-mutations';
import { peopleQuery } from '@/lib/client/people-queries';
import type { Person } from '@/lib/protocol/person';
import { Role } from '@/lib/protocol/role';
import { roles } from '@/lib/protocol/roles';
import { InvitationPanel } from './invitation-panel';

/** Who may come in, and as what. */
export function PeopleSettings() {
  const people = useQuery(peopleQuery);
  return (
    <>
      <Panel title="People" beside={people.data && `${people.data.items.length}`}>
        {people.isPending && <LoadingRows rows={2} rowClass="h-11" what="people" />}
        <LoadFailed what="The people" query={people} />
        <ul>
          {people.data?.items.map((person) => (
            <PersonRow key={person.id} person={person} />
          ))}
        </ul>
        <dl className="grid grid-cols-[72px_minmax(0,1fr)] gap-x-3 gap-y-0.5 border-line border-t px-3 py-2.5 text-meta">
          {roles.map((role) => (
            <div key={role} className="contents">
              <dt className="text-text-2">{role}</dt>
              <dd className="text-text-2">{roleWords[role]}</dd>
            </div>
          ))}
        </dl>
      </Panel>
      <InvitationPanel />
    </>
  );
}

function PersonRow({ person }: { person: Person }) {
  const caller = useCaller();
  const change = useChangePerson(person.id);
  const remove = useRemovePerson(person.id);
  const [removing, setRemoving] = useState(false);
  const isMe = caller.id === person.id;
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1.5 border-line border-t px-3 py-1.5 first:border-t-0">
      <Tile name={person.name} hue="human" />
      <span className="flex min-w-0 flex-1 basis-40 items-center gap-2 max-desk:basis-[calc(100%-2rem)]">
        <span className="truncate font-control">{person.name}</span>
        {isMe && <Tag tone="human">you</Tag>}
        <span className="whitespace-nowrap text-meta text-text-3">
          since <RelativeTime at={person.createdAt} />
        </span>
      </span>
      <Select
        aria-label={`Role of ${person.name}`}
        className="w-32 flex-none"
        value={(change.isPending && change.variables.role) || person.role}
        aria-busy={change.isPending || undefined}
        onChange={(event) =>
          !change.isPending && change.mutate({ role: Role.parse(event.target.value) }, { onError: tellFailed })
        }
      >
        {roles.map((role) => (
          <option key={role}>{role}</option>
        ))}
      </Select>
      <Button size="tall" variant="danger" disabled={isMe} onClick={() => setRemoving(true)}>
        Remove
      </Button>
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={`Remove ${person.name}?`}
        description="Their sessions and keys end at once. What they did stays in the ledger under their name."
        confirm="Remove"
        busy={remove.isPending}
        onConfirm={() => remove.mutate(null, { onSuccess: () => setRemoving(false), onError: tellFailed })}
      />
    </li>
  );
}
