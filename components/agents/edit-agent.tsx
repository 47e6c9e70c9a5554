'use client';

import { DialogForm } from '@/components/ui/dialog-form';
import { showToast } from '@/components/ui/toast';
import { useChangeAgent } from '@/lib/client/agent-mutations';
import { type Agent, ChangeAgent } from '@/lib/protocol/agent';
import { AgentFields } from './agent-fields';
import { type AgentValues, blocksOf, tagsOf, useAgentForm, valuesOf } from './use-agent-form';

const toRequest = ({ name, model, blocks, tools, tags }: AgentValues) => ({
  name,
  ...(model === '' ? {} : { model }),
  blocks: blocksOf(blocks),
  tools,
  tags: tagsOf(tags),
});

/** Changes an agent where it lives. What others changed meanwhile in the blocks shown here is overwritten. */
export function EditAgent({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const change = useChangeAgent(agent.id);
  const form = useAgentForm<ChangeAgent>({
    initial: valuesOf(agent),
    schema: ChangeAgent,
    toRequest,
    send: (request, failed) => {
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
