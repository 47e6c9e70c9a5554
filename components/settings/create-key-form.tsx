'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type FormErrors, formErrors, refusalErrors } from '@/components/shell/form-errors';
import { Button } from '@/components/ui/button';
import { ChoiceCards } from '@/components/ui/choice-cards';
import { Field, FieldError } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { agentsQuery } from '@/lib/client/agent-queries';
import { useCaller } from '@/lib/client/caller';
import type { useCreateKey } from '@/lib/client/key-mutations';
import { CreateApiKey, type KeyAudience } from '@/lib/protocol/api-key';
import { Role } from '@/lib/protocol/role';
import { roleContains, roles } from '@/lib/protocol/roles';
import { SecretOnce } from './secret-once';

const audiences = [
  { value: 'api', label: 'For a program', detail: 'acts as you, with the role you give it' },
  { value: 'agent', label: 'For an agent', detail: 'does only what that agent does' },
] as const;

const DAY_MS = 86_400_000;
const lifetimes = [
  { days: '30', label: '30 days' },
  { days: '90', label: '90 days' },
  { days: '365', label: 'a year' },
  { days: '', label: 'no end' },
] as const;

const expiryOf = (days: string) => (days === '' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString());

/** `create`: its answer holds the key, which is shown under the form until it is revoked or another is made. */
export function CreateKeyForm({ create }: { create: ReturnType<typeof useCreateKey> }) {
  const caller = useCaller();
  const agents = useQuery(agentsQuery).data?.items ?? [];
  const [audience, setAudience] = useState<KeyAudience>('api');
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [agentId, setAgentId] = useState('');
  const [days, setDays] = useState('90');
  const [errors, setErrors] = useState<FormErrors<'name' | 'role' | 'agentIds' | 'expiresAt'>>({});
  const submit = () => {
    const bound = audience === 'api' ? { role } : { agentIds: agentId === '' ? [] : [agentId] };
    const request = { name, audience, expiresAt: expiryOf(days), ...bound };
    const wrong = formErrors(CreateApiKey, request);
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    create.mutate(CreateApiKey.parse(request), {
      onSuccess: () => setName(''),
      onError: (error) => setErrors(refusalErrors(error, ['name', 'role', 'agentIds', 'expiresAt'])),
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
      <ChoiceCards label="Who uses it" value={audience} choices={audiences} onChange={setAudience} />
      <div className="grid items-start gap-3 desk:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_120px_auto]">
        <Field label="Name" error={errors.name}>
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              placeholder="nightly export"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {audience === 'api' ? (
          <Field label="Role" error={errors.role}>
            {(control) => (
              <Select {...control} value={role} onChange={(event) => setRole(Role.parse(event.target.value))}>
                {roles
                  .filter((each) => roleContains(caller.role, each))
                  .map((each) => (
                    <option key={each}>{each}</option>
                  ))}
              </Select>
            )}
          </Field>
        ) : (
          <Field label="Agent" error={errors.agentIds}>
            {(control) => (
              <Select {...control} value={agentId} onChange={(event) => setAgentId(event.target.value)}>
                <option value="">Choose one</option>
                {agents.map((agent) => (
                  <option key={agent.id} value={agent.id}>
                    {agent.name}, {agent.server}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <Field label="Ends after" error={errors.expiresAt}>
          {(control) => (
            <Select {...control} value={days} onChange={(event) => setDays(event.target.value)}>
              {lifetimes.map((lifetime) => (
                <option key={lifetime.days} value={lifetime.days}>
                  {lifetime.label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Button type="submit" size="tall" className="desk:mt-6" busy={create.isPending}>
          Make the key
        </Button>
      </div>
      {errors[''] && <FieldError>{errors['']}</FieldError>}
      {create.data && (
        <SecretOnce
          label={`Key ${create.data.name}`}
          secret={create.data.key}
          hint="Copy it now: only a hash of it is kept, and it is not shown again."
        />
      )}
    </form>
  );
}
