'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { ChoiceCards } from '@/components/ui/choice-cards';
import { Field, FieldError } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import type { LettaServer } from '@/lib/protocol/letta-server';
import { DoctorPanel } from './doctor-panel';
import { useConnectForm } from './use-connect-form';

const dialects = [
  { value: 'rest', label: 'REST', detail: 'Letta Cloud, or a server of the V1 shape' },
  { value: 'app-server', label: 'App Server', detail: 'Letta on your machine, WebSocket; not spoken yet' },
] as const;

const examples = { 'app-server': 'ws://127.0.0.1:4500/ws', rest: 'https://api.letta.com' } as const;

type ConnectLettaProps = {
  heading: string;
  intro: string;
  onConnected: (server: LettaServer) => void;
  /** Further ways on, beside the primary button: the sandbox, back. */
  others?: React.ReactNode;
};

/** Connects a Letta: the doctor examines what is given, and only what passes is saved, unless one insists. */
export function ConnectLetta({ heading, intro, onConnected, others }: ConnectLettaProps) {
  const form = useConnectForm(onConnected);
  const { values, errors } = form;
  const [tried, setTried] = useState(false);
  const submit = () => {
    setTried(true);
    form.connect();
  };
  useShortcuts('Connect your Letta', [{ keys: 'mod+enter', label: tried ? 'Try again' : 'Connect', run: submit }]);
  return (
    <div className="grid gap-5 py-2 desk:grid-cols-[minmax(0,480px)_minmax(0,620px)] desk:gap-10 desk:px-5 desk:py-6">
      <form
        noValidate
        aria-label={heading}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <h2 className="font-strong text-figure tracking-[-0.01em]">{heading}</h2>
        <p className="mt-1 mb-5 text-talk text-text-2">{intro}</p>
        <ChoiceCards
          label="Which Letta"
          value={values.dialect}
          choices={dialects}
          onChange={(dialect) => form.set({ dialect })}
        />
        <Field label="Address" error={errors.url} className="mt-4">
          {(control) => (
            <Input
              {...control}
              mono
              type="url"
              inputMode="url"
              autoComplete="off"
              spellCheck={false}
              placeholder={examples[values.dialect]}
              value={values.url}
              onChange={(event) => form.set({ url: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Token"
          aside="kept encrypted on this server"
          hint="Leave it empty where the server asks for none."
          error={errors.token}
          className="mt-4"
        >
          {(control) => (
            <Input
              {...control}
              mono
              type="password"
              autoComplete="off"
              value={values.token}
              onChange={(event) => form.set({ token: event.target.value })}
            />
          )}
        </Field>
        <Field label="Name in Parley" hint="a–z, 0–9 and -" error={errors.name} className="mt-4">
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              spellCheck={false}
              value={values.name}
              onChange={(event) => form.set({ name: event.target.value })}
            />
          )}
        </Field>
        {errors[''] && <FieldError>{errors['']}</FieldError>}
        <div className="mt-5 flex flex-wrap items-center gap-2">
          <Button type="submit" variant="primary" keys="mod+enter" busy={form.busy}>
            {form.report ? 'Try again' : 'Connect'}
          </Button>
          {form.maySaveAnyway && (
            <Button busy={form.busy} onClick={form.saveAnyway}>
              Save it all the same
            </Button>
          )}
          {others}
        </div>
      </form>
      <div>
        <DoctorPanel
          report={form.report}
          busy={form.examining}
          before="The doctor tries the address step by step and shows what came back. Nothing is saved before every check has passed."
        />
      </div>
    </div>
  );
}
