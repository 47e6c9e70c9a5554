'use client';

import { useQuery } from '@tanstack/react-query';
import { useTheme } from 'next-themes';
import { useState } from 'react';
import { PasswordForm } from '@/components/people/password-form';
import { themeNamed, themes } from '@/components/shell/theme-menu';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { LoadFailed } from '@/components/ui/load-failed';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import { LoadingRows } from '@/components/ui/skeleton';
import { Tag } from '@/components/ui/tag';
import { showToast } from '@/components/ui/toast';
import { useChangeMe } from '@/lib/client/me-mutations';
import { meQuery } from '@/lib/client/people-queries';
import type { Me } from '@/lib/protocol/person';
import { PasskeyPanel } from './passkey-panel';
import { SessionPanel } from './session-panel';

/** One's own name, look, and ways of coming back. */
export function YouSettings() {
  const me = useQuery(meQuery);
  const { theme, setTheme } = useTheme();
  return (
    <>
      <Panel title="You" beside={me.data && <Tag tone="human">{me.data.role}</Tag>}>
        {me.isPending && <LoadingRows rows={1} rowClass="h-16" what="your account" />}
        <LoadFailed what="Your account" query={me} />
        {me.data && <NameForm key={me.data.person.name} me={me.data} />}
      </Panel>
      <Panel title="Appearance">
        <div className="flex flex-wrap items-center gap-3 px-3 py-2.5">
          <Segmented label="Theme" value={themeNamed(theme)} segments={themes} onChange={setTheme} />
          <span className="text-meta text-text-2">on this device</span>
        </div>
      </Panel>
      <PasskeyPanel />
      <Panel title="Password">
        <div className="max-w-[420px] px-3 py-2.5">
          <PasswordForm
            asksCurrent={me.data?.needsCredential === false}
            submitLabel="Set the password"
            onDone={() => showToast({ text: 'The password is set. Your other sessions have ended.', tone: 'done' })}
          />
        </div>
      </Panel>
      <SessionPanel />
    </>
  );
}

function NameForm({ me }: { me: Me }) {
  const [name, setName] = useState(me.person.name);
  const change = useChangeMe();
  return (
    <form
      noValidate
      className="flex max-w-[420px] items-start gap-2 px-3 py-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ name }, { onSuccess: () => window.location.reload() });
      }}
    >
      <Field
        label="Name"
        hint="You sign in with it, and what you do is recorded under it."
        error={change.error?.message}
        className="flex-1"
      >
        {(control) => (
          <Input {...control} autoComplete="username" value={name} onChange={(event) => setName(event.target.value)} />
        )}
      </Field>
      <Button
        type="submit"
        size="tall"
        className="mt-6"
        busy={change.isPending}
        disabled={name.trim() === '' || name === me.person.name}
      >
        Change
      </Button>
    </form>
  );
}
