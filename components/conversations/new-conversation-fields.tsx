'use client';

import Link from 'next/link';
import { conveyances } from '@/components/shell/conveyance-words';
import { ChoiceCards } from '@/components/ui/choice-cards';
import { Field, FieldError } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { NumberField } from '@/components/ui/number-field';
import { Segmented } from '@/components/ui/segmented';
import { Textarea } from '@/components/ui/textarea';
import type { Agent } from '@/lib/protocol/agent';
import { isMessagingTool } from '@/lib/protocol/messaging-tools';
import { AgentPicker } from './agent-picker';
import { seatIdAt } from './seat-id-at';
import { titleOf, type useNewConversation } from './use-new-conversation';

type FieldsProps = { agents: readonly Agent[]; form: ReturnType<typeof useNewConversation> };

export function NewConversationFields({ agents, form }: FieldsProps) {
  const { values, errors, set } = form;
  if (agents.length < 2) {
    return (
      <p className="text-text-2">
        A conversation needs two agents, and there {agents.length === 1 ? 'is one' : 'are none'}.{' '}
        <Link href="/agents?new=true">Create an agent</Link> first.
      </p>
    );
  }
  return (
    <>
      <AgentPicker agents={agents} picked={values.picked} onChange={(picked) => set({ picked })} error={errors.seats} />
      <Field label="Title" error={errors.title}>
        {(control) => (
          <Input
            {...control}
            placeholder={form.suggestedTitle || 'Named after its agents'}
            value={values.title}
            onChange={(event) => set({ title: event.target.value })}
          />
        )}
      </Field>
      <div>
        <ChoiceCards
          label="How messages travel"
          columns="one"
          value={values.conveyance}
          choices={conveyances}
          onChange={(conveyance) => set({ conveyance })}
        />
        {errors.conveyance && <FieldError>{errors.conveyance}</FieldError>}
        {values.conveyance !== 'relay' && <MissingTools seated={form.seated} />}
      </div>
      <Opening form={form} />
      <NumberField
        label="Most turns"
        hint="A turn is one message carried. Past it the conversation stops by itself."
        error={errors.maxTurns}
        value={values.maxTurns}
        onChange={(maxTurns) => set({ maxTurns })}
      />
    </>
  );
}

/** Says who could not write, before it is found out by silence. */
function MissingTools({ seated }: { seated: readonly Agent[] }) {
  const mute = seated.filter((agent) => !agent.tools.some(isMessagingTool));
  if (mute.length === 0) return null;
  return (
    <p className="mt-1.5 text-meta text-text-2">
      {titleOf(mute.map((agent) => agent.name))} {mute.length === 1 ? 'has' : 'have'} no messaging tool: able to listen,
      not to write. Give one on the agent’s page, or relay.
    </p>
  );
}

function Opening({ form }: { form: FieldsProps['form'] }) {
  const { values, errors, set, seated } = form;
  return (
    <div className="grid gap-2">
      <Field
        label="First message"
        aside="optional"
        hint="From you, to one of them. Without it the agents wait until somebody speaks."
        error={errors['opening.content'] ?? errors['opening.to']}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            placeholder="Ask Bob how he is, and tell me what he says."
            value={values.opening}
            onChange={(event) => set({ opening: event.target.value })}
          />
        )}
      </Field>
      {seated.length > 1 && values.opening.trim() !== '' && (
        <div className="flex flex-wrap items-center gap-2">
          <span className="text-meta text-text-2">To</span>
          <Segmented
            label="To whom"
            value={values.openingTo}
            onChange={(openingTo) => set({ openingTo })}
            segments={seated.slice(0, 5).map((agent, position) => ({ value: seatIdAt(position), label: agent.name }))}
          />
        </div>
      )}
    </div>
  );
}
