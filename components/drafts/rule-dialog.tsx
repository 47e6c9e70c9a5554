'use client';

import { useState } from 'react';
import { type FormErrors, formErrors, refusalErrors } from '@/components/shell/form-errors';
import { DialogForm } from '@/components/ui/dialog-form';
import { Field } from '@/components/ui/field';
import { HostileText } from '@/components/ui/hostile-text';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { TickField } from '@/components/ui/tick-field';
import { showToast } from '@/components/ui/toast';
import { useMakeRule } from '@/lib/client/draft-mutations';
import { type Draft, MakeRule } from '@/lib/protocol/draft';

const terms = [
  { value: '3600', label: 'an hour' },
  { value: '86400', label: 'a day' },
  { value: '604800', label: 'a week' },
  { value: '', label: 'until it is revoked' },
] as const;

type RuleDialogProps = { draft: Draft; effect: 'pass' | 'ask'; onClose: () => void };

/** Makes a standing rule from what one draft shows: of it as much as is ticked. */
export function RuleDialog({ draft, effect, onClose }: RuleDialogProps) {
  const make = useMakeRule();
  // A call without its tool looks like whatever else its agent does, messages included.
  const [chosen, setChosen] = useState({ from: true, to: true, tool: draft.kind === 'tool_call' });
  const [text, setText] = useState('');
  const [term, setTerm] = useState<string>('86400');
  const [errors, setErrors] = useState<FormErrors>({});
  const tool = draft.toolCall?.name;
  const submit = () => {
    const request = {
      effect,
      ...(chosen.from ? { fromAgentId: draft.from.agentId } : {}),
      ...(chosen.to && draft.to.agentId ? { toAgentId: draft.to.agentId } : {}),
      ...(chosen.tool && tool ? { tool } : {}),
      ...(text.trim() === '' ? {} : { text: text.trim() }),
      ...(term === '' ? {} : { expiresInSeconds: Number(term) }),
    };
    const wrong: FormErrors = formErrors(MakeRule, request);
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    make.mutate(request, {
      onSuccess: () => {
        showToast({
          text: effect === 'pass' ? 'Passes from now on. Settings list it.' : 'Asks from now on. Settings list it.',
        });
        onClose();
      },
      onError: (error) => setErrors(refusalErrors(error, ['text', 'expiresInSeconds'])),
    });
  };
  return (
    <DialogForm
      title={effect === 'pass' ? 'Always pass what looks like this' : 'Always ask about what looks like this'}
      description={
        effect === 'pass'
          ? 'It goes out without a person being asked. Each use is recorded.'
          : 'It waits for a person even where the edge passes everything. Each use is recorded.'
      }
      submit={effect === 'pass' ? 'Always pass' : 'Always ask'}
      busy={make.isPending}
      error={errors['']}
      onSubmit={submit}
      onClose={onClose}
    >
      <fieldset className="grid gap-2">
        <legend className="mb-1 font-name text-ui">It looks like this when</legend>
        <TickField checked={chosen.from} onChange={(from) => setChosen({ ...chosen, from })}>
          it is from{' '}
          <b className="font-name">
            <HostileText text={draft.from.name} wrap={false} />
          </b>
        </TickField>
        {draft.to.agentId && (
          <TickField checked={chosen.to} onChange={(to) => setChosen({ ...chosen, to })}>
            it is for{' '}
            <b className="font-name">
              <HostileText text={draft.to.name} wrap={false} />
            </b>
          </TickField>
        )}
        {tool && (
          <TickField checked={chosen.tool} onChange={(on) => setChosen({ ...chosen, tool: on })}>
            the tool is{' '}
            <b className="font-name">
              <HostileText text={tool} wrap={false} />
            </b>
          </TickField>
        )}
      </fieldset>
      <Field
        label="Text"
        aside="if it matters"
        hint="* stands for any characters, everything else for itself."
        error={errors['text']}
      >
        {(control) => (
          <Input {...control} value={text} placeholder="*refund*" onChange={(event) => setText(event.target.value)} />
        )}
      </Field>
      <Field label="For" error={errors['expiresInSeconds']}>
        {(control) => (
          <Select {...control} value={term} onChange={(event) => setTerm(event.target.value)}>
            {terms.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </DialogForm>
  );
}
