'use client';

import { useState } from 'react';
import { DialogForm } from '@/components/ui/dialog-form';
import { showToast } from '@/components/ui/toast';
import { useChangeAgent } from '@/lib/client/agent-mutations';
import { type Agent, ChangeAgent } from '@/lib/protocol/agent';
import { AgentFields } from './agent-fields';
import { type AgentValues, type BlockDraft, blocksOf, tagsOf, useAgentForm, valuesOf } from './use-agent-form';

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** What differs from `before`, and nothing else: the agent itself writes into its memory while the form stands open. */
const changesSince = (before: AgentValues) => {
  const known = new Map(before.blocks.map(({ key, value }) => [key, value]));
  const isChanged = ({ key, value }: BlockDraft) => known.get(key) !== value;
  const toRequest = ({ name, model, blocks, tools, tags }: AgentValues) => {
    const changed = blocksOf(blocks.filter(isChanged));
    return {
      ...(name === before.name ? {} : { name }),
      ...(model === '' || model === before.model ? {} : { model }),
      ...(changed.length === 0 ? {} : { blocks: changed }),
      ...(isSame(tools, before.tools) ? {} : { tools }),
      ...(isSame(tagsOf(tags), tagsOf(before.tags)) ? {} : { tags: tagsOf(tags) }),
    };
  };
  return { holds: isChanged, toRequest };
};

/** Changes an agent where it lives. Only what was changed here is sent: the rest stays as it has become meanwhile. */
export function EditAgent({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const change = useChangeAgent(agent.id);
  const [initial] = useState(() => valuesOf(agent));
  const [changes] = useState(() => changesSince(initial));
  const form = useAgentForm<ChangeAgent>({
    initial,
    schema: ChangeAgent,
    ...changes,
    send: (request, failed) => {
      if (Object.keys(request).length === 0) return onClose();
      change.mutate(request, {
        onError: failed,
        onSuccess: () => {
          showToast({ text: `${request.name ?? agent.name} is changed.`, tone: 'done' });
          onClose();
        },
      });
    },
  });
  return (
    <DialogForm
      title={`Edit ${agent.name}`}
      description="The changes are made on its server, and hold from its next turn on."
      submit="Save"
      busy={change.isPending}
      error={form.errors['']}
      onSubmit={form.submit}
      onClose={onClose}
    >
      <AgentFields form={form} existing />
    </DialogForm>
  );
}
