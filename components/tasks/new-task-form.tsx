'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { type FormErrors, formErrors, refusalErrors } from '@/components/shell/form-errors';
import { ChoiceCards } from '@/components/ui/choice-cards';
import { DialogForm } from '@/components/ui/dialog-form';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Textarea } from '@/components/ui/textarea';
import { useCreateTask } from '@/lib/client/task-mutations';
import { NewTask, PrincipalNews } from '@/lib/protocol/task';
import { PrincipalFields } from './principal-fields';
import { runnerWords } from './runner-words';

/** Those that this version can start. */
const runners = (['simulated', 'external'] as const).map((value) => ({
  value,
  label: value === 'external' ? 'My own agent' : 'Simulated',
  detail: runnerWords[value].detail,
}));

const empty = {
  command: '',
  purpose: '',
  context: '',
  priority: '',
  milestones: '',
  runner: 'simulated' as 'simulated' | 'external',
  /** Id of an agent; empty for the person who makes it. */
  principal: '',
  tell: [...PrincipalNews.options],
};
type Path = 'command' | 'purpose' | 'context' | 'priority' | 'milestones' | 'runner';
const paths: readonly Path[] = ['command', 'purpose', 'context', 'priority', 'milestones', 'runner'];

const given = (name: string, text: string) => (text.trim() === '' ? {} : { [name]: text.trim() });

/** Empty fields are left out. One milestone a line. */
const toRequest = ({ command, purpose, context, priority, milestones, runner, principal, tell }: typeof empty) => ({
  command: command.trim(),
  runner,
  ...given('purpose', purpose),
  ...given('context', context),
  ...given('priority', priority),
  milestones: milestones
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean),
  ...(principal !== '' && { principal: { kind: 'agent' as const, id: principal }, tell }),
});

/** Makes a task, for the person who makes it or for an agent. */
export function NewTaskForm({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const create = useCreateTask();
  const [values, setValues] = useState(empty);
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<FormErrors<Path>>({});
  const request = toRequest(values);
  const errors: FormErrors<Path> = { ...refused, ...(tried ? formErrors(NewTask, request) : {}) };
  const set = (change: Partial<typeof empty>) => {
    setRefused({});
    setValues((before) => ({ ...before, ...change }));
  };
  const submit = () => {
    setTried(true);
    if (!NewTask.safeParse(request).success) return;
    create.mutate(request, {
      onSuccess: (task) => {
        onClose(); // whoever goes back finds the list, and not this form again
        router.push(`/tasks/${encodeURIComponent(task.id)}`);
      },
      onError: (error) => setRefused(refusalErrors(error, paths)),
    });
  };
  return (
    <DialogForm
      title="New task"
      description="What its agent reports comes to its principal, whom it may ask."
      submit="Make it"
      busy={create.isPending}
      error={errors['']}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="Command" error={errors.command} hint="What is to be done, as the agent understands it.">
        {(control) => (
          <Input
            {...control}
            mono
            placeholder="/sync-claude-md"
            value={values.command}
            onChange={(event) => set({ command: event.target.value })}
          />
        )}
      </Field>
      <ChoiceCards
        label="Who carries it out"
        value={values.runner}
        choices={runners}
        onChange={(runner) => set({ runner })}
      />
      <Field label="Purpose" aside="optional" error={errors.purpose}>
        {(control) => (
          <Input {...control} value={values.purpose} onChange={(event) => set({ purpose: event.target.value })} />
        )}
      </Field>
      <Field label="Context" aside="optional" error={errors.context}>
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            value={values.context}
            onChange={(event) => set({ context: event.target.value })}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Milestones" aside="optional" hint="One a line, in order." error={errors.milestones}>
          {(control) => (
            <Textarea
              {...control}
              rows={3}
              value={values.milestones}
              onChange={(event) => set({ milestones: event.target.value })}
            />
          )}
        </Field>
        <Field label="Priority" aside="optional" error={errors.priority}>
          {(control) => (
            <Input
              {...control}
              placeholder="High"
              value={values.priority}
              onChange={(event) => set({ priority: event.target.value })}
            />
          )}
        </Field>
      </div>
      <PrincipalFields agentId={values.principal} tell={values.tell} onChange={set} />
    </DialogForm>
  );
}
