'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { conveyances } from '@/components/shell/conveyance-words';
import { type FormErrors, formErrors, refusalErrors } from '@/components/shell/form-errors';
import { Button } from '@/components/ui/button';
import { ChoiceCards } from '@/components/ui/choice-cards';
import { LoadFailed } from '@/components/ui/load-failed';
import { NumberField, toWholeNumber } from '@/components/ui/number-field';
import { Panel } from '@/components/ui/panel';
import { SandboxLabel } from '@/components/ui/sandbox-label';
import { LoadingRows } from '@/components/ui/skeleton';
import { tellFailed } from '@/components/ui/tell-failed';
import { showToast } from '@/components/ui/toast';
import { useChangeSettings, useStartDemo } from '@/lib/client/settings-mutations';
import { settingsQuery } from '@/lib/client/settings-query';
import { ChangeSettings, type Settings } from '@/lib/protocol/settings';
import { ClearDemo } from './clear-demo';
import { FormPanel } from './form-panel';
import { LimitsPanel } from './limits-panel';

/** What holds for everybody in this workspace. */
export function WorkspaceSettings() {
  const settings = useQuery(settingsQuery);
  if (settings.isPending) return <LoadingRows rows={3} rowClass="h-16" what="settings" />;
  if (!settings.data) {
    return <LoadFailed what="The settings" query={settings} />;
  }
  return (
    <>
      <SandboxPanel settings={settings.data} />
      <DefaultsPanel key={`${settings.data.conveyance} ${settings.data.maxTurns}`} settings={settings.data} />
      <LimitsPanel key={Object.values(settings.data.limits).join(' ')} limits={settings.data.limits} />
    </>
  );
}

function SandboxPanel({ settings }: { settings: Settings }) {
  const change = useChangeSettings();
  const demo = useStartDemo();
  return (
    <Panel title="Sandbox" beside={<SandboxLabel />}>
      <div className="px-3 py-2.5">
        <p className="text-pretty">
          Scripted agents on this machine, to look around and to try things out. Nothing leaves it, and what it shows is
          marked everywhere.
        </p>
        <p className="mt-1 text-meta text-text-2">
          It is {settings.sandbox ? 'on' : 'off'}
          {settings.sandboxFixed && ', as PARLEY_SANDBOX says; change it there'}.
        </p>
        <div className="mt-2.5 flex flex-wrap gap-2">
          {!settings.sandboxFixed && (
            <Button
              busy={change.isPending}
              onClick={() => change.mutate({ sandbox: !settings.sandbox }, { onError: tellFailed })}
            >
              {settings.sandbox ? 'Switch it off' : 'Start the sandbox'}
            </Button>
          )}
          {settings.sandbox && (
            <Button
              busy={demo.isPending}
              onClick={() =>
                demo.mutate(null, {
                  onSuccess: () => showToast({ text: 'Alice and Bob talk again.', tone: 'done' }),
                  onError: tellFailed,
                })
              }
            >
              Start the demo again
            </Button>
          )}
          {settings.sandbox && <ClearDemo />}
        </div>
      </div>
    </Panel>
  );
}

function DefaultsPanel({ settings }: { settings: Settings }) {
  const [conveyance, setConveyance] = useState(settings.conveyance);
  const [maxTurns, setMaxTurns] = useState(String(settings.maxTurns));
  const [errors, setErrors] = useState<FormErrors<'conveyance' | 'maxTurns'>>({});
  const change = useChangeSettings();
  const submit = () => {
    const request = { conveyance, maxTurns: toWholeNumber(maxTurns) };
    const wrong: typeof errors = formErrors(ChangeSettings, request);
    setErrors(wrong.maxTurns === undefined ? wrong : { maxTurns: 'A whole number from 1 to 10,000.' });
    if (Object.keys(wrong).length > 0) return;
    change.mutate(request, {
      onSuccess: () => showToast({ text: 'New conversations begin with this.', tone: 'done' }),
      onError: (error) => setErrors(refusalErrors(error, ['conveyance', 'maxTurns'])),
    });
  };
  return (
    <FormPanel
      title="New conversations"
      beside="what their form begins with"
      onSubmit={submit}
      busy={change.isPending}
      error={errors.conveyance ?? errors['']}
    >
      <ChoiceCards
        label="How messages travel"
        columns="one"
        value={conveyance}
        choices={conveyances}
        onChange={setConveyance}
      />
      <NumberField
        label="Most turns"
        hint="A turn is one message carried."
        error={errors.maxTurns}
        value={maxTurns}
        onChange={setMaxTurns}
      />
    </FormPanel>
  );
}
