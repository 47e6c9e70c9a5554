'use client';

import { useQuery } from '@tanstack/react-query';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { lettaServersQuery } from '@/lib/client/letta-servers-query';
import { BlockFields } from './block-fields';
import { ModelField } from './model-field';
import { ToolsField } from './tools-field';
import type { AgentForm } from './use-agent-form';

/** What an agent is made of. `existing`: it lives on its server already, and cannot move. */
export function AgentFields({ form, existing }: { form: AgentForm; existing: boolean }) {
  const { values, errors, set } = form;
  const servers = useQuery(lettaServersQuery).data?.items ?? [];
  const server = values.server || (servers.length === 1 ? (servers[0]?.name ?? '') : '');
  return (
    <>
      <Field label="Name" error={errors.name}>
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            value={values.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      {!existing && servers.length > 1 && (
        <Field label="Server" error={errors.server}>
          {(control) => (
            <Select
              {...control}
              value={values.server}
              onChange={(event) => set({ server: event.target.value, model: '' })}
            >
              <option value="">Choose where it lives</option>
              {servers.map(({ name, state }) => (
                <option key={name} value={name}>
                  {state === 'connected' ? name : `${name} (${state})`}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <ModelField server={server} value={values.model} error={errors.model} onChange={(model) => set({ model })} />
      <BlockFields blocks={values.blocks} errors={errors} onChange={(blocks) => set({ blocks })} />
      <ToolsField server={server} tools={values.tools} error={errors.tools} onChange={(tools) => set({ tools })} />
      <Field
        label="Tags"
        aside="optional"
        hint="Parted by commas. Agents can write to all that carry a tag."
        error={errors.tags}
      >
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            placeholder="research, weekly"
            value={values.tags}
            onChange={(event) => set({ tags: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
