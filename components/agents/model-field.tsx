'use client';

import { useQuery } from '@tanstack/react-query';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { modelsQuery } from '@/lib/client/agent-queries';

type ModelFieldProps = { server: string; value: string; error: string | undefined; onChange: (model: string) => void };

/** The models that the server offers; where it does not say, one types the name. */
export function ModelField({ server, value, error, onChange }: ModelFieldProps) {
  const models = useQuery(modelsQuery);
  const offered = (models.data?.items ?? []).filter((model) => server === '' || model.server === server);
  const handles = [...new Set([...(value === '' ? [] : [value]), ...offered.map((model) => model.handle)])];
  const typed = models.isError || (models.data !== undefined && offered.length === 0);
  return (
    <Field
      label="Model"
      hint={typed ? 'The server names no models. Leave it empty for its default.' : undefined}
      error={error}
    >
      {(control) =>
        typed ? (
          <Input
            {...control}
            mono
            placeholder="provider/model"
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <Select
            {...control}
            value={value}
            disabled={models.isPending}
            onChange={(event) => onChange(event.target.value)}
          >
            <option value="">The server’s default</option>
            {handles.map((handle) => (
              <option key={handle} value={handle}>
                {handle}
              </option>
            ))}
          </Select>
        )
      }
    </Field>
  );
}
