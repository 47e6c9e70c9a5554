'use client';

import { useState } from 'react';
import { type FormErrors, formErrors, refusalErrors } from '@/components/shell/form-errors';
import { toWholeNumber } from '@/components/ui/number-field';
import { useOpenConversation } from '@/lib/client/conversation-mutations';
import type { Agent } from '@/lib/protocol/agent';
import { type Conversation, type Conveyance, OpenConversation } from '@/lib/protocol/conversation';
import type { SeatId } from '@/lib/protocol/ids';
import type { Settings } from '@/lib/protocol/settings';
import { seatIdAt } from './seat-id-at';

type NewConversationValues = {
  picked: string[];
  title: string;
  conveyance: Conveyance;
  maxTurns: string;
  openingTo: SeatId;
  opening: string;
};
type Path = 'seats' | 'title' | 'conveyance' | 'maxTurns' | 'opening.content' | 'opening.to';
const paths: readonly Path[] = ['seats', 'title', 'conveyance', 'maxTurns', 'opening.content', 'opening.to'];

/** `Alice and Bob`, `Scout, Analyst and Writer`. */
export function titleOf(names: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(names).slice(0, 200);
}

function toRequest(values: NewConversationValues, suggestedTitle: string) {
  const title = values.title.trim() || suggestedTitle;
  return {
    seats: values.picked.map((agentId) => ({ agentId })),
    conveyance: values.conveyance,
    maxTurns: toWholeNumber(values.maxTurns),
    ...(title === '' ? {} : { title }),
    ...(values.opening.trim() === '' ? {} : { opening: { to: seatOf(values), content: values.opening } }),
  };
}

/** The seat that was chosen, or the first when it is not taken any more. */
const seatOf = ({ openingTo, picked }: NewConversationValues) =>
  picked.some((_, position) => seatIdAt(position) === openingTo) ? openingTo : seatIdAt(0);

const words: Record<string, string> = {
  seats: 'Pick at least two agents.',
  maxTurns: 'A whole number from 1 to 10,000.',
};

/** What is wrong, in words for this form. */
function errorsOf(request: ReturnType<typeof toRequest>): FormErrors<Path> {
  const found = formErrors(OpenConversation, request);
  return Object.fromEntries(Object.entries(found).map(([path, message]) => [path, words[path] ?? message]));
}

/** State and submission of the form. Errors appear at the first try and leave as they are mended. */
export function useNewConversation(
  agents: readonly Agent[],
  settings: Settings | undefined,
  onOpened: (conversation: Conversation) => void,
) {
  const [values, setValues] = useState<NewConversationValues>({
    picked: [],
    title: '',
    conveyance: settings?.conveyance ?? 'tool',
    maxTurns: String(settings?.maxTurns ?? 50),
    openingTo: seatIdAt(0),
    opening: '',
  });
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<FormErrors<Path>>({});
  const open = useOpenConversation();
  const seated = values.picked.flatMap((id) => agents.find((agent) => agent.id === id) ?? []);
  const suggestedTitle = titleOf(seated.map((agent) => agent.name));
  const request = toRequest(values, suggestedTitle);
  const errors = { ...refused, ...(tried ? errorsOf(request) : {}) };

  return {
    values,
    errors,
    seated,
    suggestedTitle,
    busy: open.isPending,
    set: (change: Partial<NewConversationValues>) => {
      setRefused({});
      setValues((before) => ({ ...before, ...change }));
    },
    submit: () => {
      setTried(true);
      const checked = OpenConversation.safeParse(request);
      if (!checked.success || open.isPending) return;
      open.mutate(checked.data, {
        onSuccess: onOpened,
        onError: (error) => setRefused(refusalErrors(error, paths)),
      });
    },
  };
}
