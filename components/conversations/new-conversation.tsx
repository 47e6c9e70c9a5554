'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { Dialog } from '@/components/ui/dialog';
import { DialogForm } from '@/components/ui/dialog-form';
import { LoadFailed } from '@/components/ui/load-failed';
import { LoadingRows } from '@/components/ui/skeleton';
import { agentsQuery } from '@/lib/client/agent-queries';
import { settingsQuery } from '@/lib/client/settings-query';
import type { Agent } from '@/lib/protocol/agent';
import type { Settings } from '@/lib/protocol/settings';
import { NewConversationFields } from './new-conversation-fields';
import { useNewConversation } from './use-new-conversation';

type NewConversationProps = { open: boolean; onOpenChange: (open: boolean) => void };

/** Opens a conversation: who sits in it, how messages travel, and what is said first. */
export function NewConversation({ open, onOpenChange }: NewConversationProps) {
  const agents = useQuery({ ...agentsQuery, enabled: open });
  const settings = useQuery({ ...settingsQuery, enabled: open });
  if (open && agents.data && (settings.data || settings.isError)) {
    return <Form agents={agents.data.items} settings={settings.data} onClose={() => onOpenChange(false)} />;
  }
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="New conversation">
      {agents.isError ? (
        <LoadFailed what="The agents" query={agents} />
      ) : (
        <LoadingRows rows={4} rowClass="h-9" what="agents" />
      )}
    </Dialog>
  );
}

type FormProps = { agents: readonly Agent[]; settings: Settings | undefined; onClose: () => void };

function Form({ agents, settings, onClose }: FormProps) {
  const router = useRouter();
  const form = useNewConversation(agents, settings, (conversation) => {
    onClose(); // whoever goes back finds the list, and not this form again
    router.push(`/conversations/${conversation.id}`);
  });
  return (
    <DialogForm
      title="New conversation"
      description="Two or more agents, side by side. Nothing is sent before you press Open."
      submit="Open"
      busy={form.busy}
      blocked={agents.length < 2}
      error={form.errors['']}
      onSubmit={form.submit}
      onClose={onClose}
    >
      <NewConversationFields agents={agents} form={form} />
    </DialogForm>
  );
}
