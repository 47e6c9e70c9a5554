'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type FormErrors, formErrors, refusalErrors } from '@/components/shell/form-errors';
import { Button } from '@/components/ui/button';
import { Field, FieldError } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { LoadFailed } from '@/components/ui/load-failed';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { Select } from '@/components/ui/select';
import { Tag } from '@/components/ui/tag';
import { tellFailed } from '@/components/ui/tell-failed';
import { useInvite, useRevokeInvitation } from '@/lib/client/people-mutations';
import { invitationsQuery } from '@/lib/client/people-queries';
import { CreateInvitation, type Invitation } from '@/lib/protocol/invitation';
import { Role } from '@/lib/protocol/role';
import { roles } from '@/lib/protocol/roles';
import { SecretOnce } from './secret-once';

/** Invites people, and lists who has not come yet. */
export function InvitationPanel() {
  const invitations = useQuery(invitationsQuery);
  const invite = useInvite();
  return (
    <Panel title="Invitations" beside="each link works once, for 7 days">
      <InviteForm invite={invite} />
      <LoadFailed what="The invitations" query={invitations} />
      <ul>
        {invitations.data?.items.map((invitation) => (
          <InvitationRow
            key={invitation.id}
            invitation={invitation}
            onRevoked={() => invite.data?.id === invitation.id && invite.reset()}
          />
        ))}
      </ul>
    </Panel>
  );
}

function InviteForm({ invite }: { invite: ReturnType<typeof useInvite> }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [errors, setErrors] = useState<FormErrors<'name' | 'role'>>({});
  const submit = () => {
    const request = { role, ...(name.trim() === '' ? {} : { name }) };
    const wrong = formErrors(CreateInvitation, request);
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    invite.mutate(CreateInvitation.parse(request), {
      onSuccess: () => setName(''),
      onError: (error) => setErrors(refusalErrors(error, ['name', 'role'])),
    });
  };
  return (
    <form
      noValidate
      className="grid gap-3 px-3 py-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className="grid items-start gap-3 desk:grid-cols-[minmax(0,1fr)_140px_auto]">
        <Field label="Name" aside="optional" hint="Without it, they choose one." error={errors.name}>
          {(control) => (
            <Input {...control} autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <Field label="Role" error={errors.role}>
          {(control) => (
            <Select {...control} value={role} onChange={(event) => setRole(Role.parse(event.target.value))}>
              {roles.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </Select>
          )}
        </Field>
        <Button type="submit" size="tall" className="desk:mt-6" busy={invite.isPending}>
          Make a link
        </Button>
      </div>
      {errors[''] && <FieldError>{errors['']}</FieldError>}
      {invite.data && (
        <SecretOnce
          label={`Link for ${invite.data.name ?? 'the next one'}, ${invite.data.role}`}
          secret={invite.data.link}
          hint="Give it to them yourself. It is not shown again; whoever opens it first joins."
        />
      )}
    </form>
  );
}

type InvitationRowProps = { invitation: Invitation; onRevoked: () => void };

function InvitationRow({ invitation, onRevoked }: InvitationRowProps) {
  const revoke = useRevokeInvitation();
  return (
    <li className="flex min-h-11 items-center gap-3 border-line border-t px-3 py-1.5">
      <span className="min-w-0 flex-1 text-pretty [overflow-wrap:anywhere]">
        <span className="font-control">{invitation.name ?? 'Whoever comes'}</span>{' '}
        <span className="text-meta text-text-3">
          by {invitation.invitedBy.name}, ends <RelativeTime at={invitation.expiresAt} phrase />
        </span>
      </span>
      <Tag>{invitation.role}</Tag>
      <Button
        size="small"
        variant="danger"
        busy={revoke.isPending}
        onClick={() =>
          revoke.mutate(invitation.id, {
            onSuccess: onRevoked,
            onError: tellFailed,
          })
        }
      >
        Take back
      </Button>
    </li>
  );
}
