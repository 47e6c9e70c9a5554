'use client';

import { useRouter } from 'next/navigation';
import { DialogForm } from '@/components/ui/dialog-form';
import { showToast } from '@/components/ui/toast';
import { useCreateAgent } from '@/lib/client/agent-mutations';
import { CreateAgent as Request } from '@/lib/protocol/agent';
import { AgentFields } from './agent-fields';
import { type AgentValues, type BlockDraft, blocksOf, noValues, tagsOf, useAgentForm } from './use-agent-form';

/** An empty `persona` or `human` is left to the server. */
const holds = (block: BlockDraft) => !block.fixed || block.value.trim() !== '';

const toRequest = ({ name, server, model, blocks, tools, tags }: AgentValues) => ({
  name,
  ...(server === '' ? {} : { server }),
  ...(model === '' ? {} : { model }),
  blocks: blocksOf(blocks.filter(holds)),
  tools,
  tags: tagsOf(tags),
});

type CreateAgentProps = { open: boolean; onOpenChange: (open: boolean) => void };

/** Makes an agent on one of the servers: its persona, what it knows, its tools and its model. */
export const CreateAgent = ({ open, onOpenChange }: CreateAgentProps) =>
  open ? <Form onClose={() => onOpenChange(false)} /> : null;

function Form({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const create = useCreateAgent();
  const form = useAgentForm<Request>({
    initial: noValues(),
    schema: Request,
    toRequest,
    holds,
    send: (request, failed) => {
      create.mutate(request, {
        onError: failed,
        onSuccess: (agent) => {
          showToast({ text: `${agent.name} is there.`, tone: 'done' });
          onClose(); // whoever goes back finds the list, and not this form again
          router.push(`/agents/${encodeURIComponent(agent.id)}`);
        },
      });
    },
  });
  return (
    <DialogForm
      title="Create an agent"
      description="It is made on your Letta server and stays there, with Parley or without."
      submit="Create"
      busy={create.isPending}
      error={form.errors['']}
      onSubmit={form.submit}
      onClose={onClose}
    >
      <AgentFields form={form} existing={false} />
    </DialogForm>
  );
}
