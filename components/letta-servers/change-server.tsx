'use client';

import { useState } from 'react';
import { type FormErrors, formErrors, refusalErrors } from '@/components/shell/form-errors';
import { DialogForm } from '@/components/ui/dialog-form';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { TickField } from '@/components/ui/tick-field';
import { useChangeLettaServer } from '@/lib/client/letta-server-mutations';
import { ChangeLettaServer, type LettaServer } from '@/lib/protocol/letta-server';

/** Another address or another token for a server; its name and dialect stay. */
export function ChangeServer({ server, onClose }: { server: LettaServer; onClose: () => void }) {
  const [url, setUrl] = useState(server.url);
  const [token, setToken] = useState('');
  const [withoutToken, setWithoutToken] = useState(false);
  const [errors, setErrors] = useState<FormErrors<'url' | 'token'>>({});
  const change = useChangeLettaServer(server.name);
  const request = {
    url: url.trim(),
    ...(withoutToken ? { token: null } : token.trim() === '' ? {} : { token: token.trim() }),
  };
  const submit = () => {
    const wrong = formErrors(ChangeLettaServer, request);
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    change.mutate(request, {
      onSuccess: onClose,
      onError: (error) => setErrors(refusalErrors(error, ['url', 'token'])),
    });
  };
  return (
    <DialogForm
      width="narrow"
      title={`Change ${server.name}`}
      description="The connection is made anew; conversations go on where they stand."
      submit="Save"
      busy={change.isPending}
      error={errors['']}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="Address" error={errors.url}>
        {(control) => (
          <Input {...control} mono spellCheck={false} value={url} onChange={(event) => setUrl(event.target.value)} />
        )}
      </Field>
      <Field
        label="New token"
        aside="kept encrypted on this server"
        hint={server.hasToken ? 'Leave it empty to keep the one it has.' : 'It has none so far.'}
        error={errors.token}
      >
        {(control) => (
          <Input
            {...control}
            mono
            type="password"
            autoComplete="off"
            disabled={withoutToken}
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        )}
      </Field>
      {server.hasToken && (
        <TickField checked={withoutToken} onChange={setWithoutToken}>
          Take its token away
        </TickField>
      )}
    </DialogForm>
  );
}
