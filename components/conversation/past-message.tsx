'use client';

import { oneLine } from '@/components/ui/cut-text';
import { HostileText } from '@/components/ui/hostile-text';
import { clockTimeText, exactTimeText } from '@/components/ui/relative-time-text';
import type { AgentMessage } from '@/lib/protocol/message';
import { callsOf, returnsOf } from '@/lib/protocol/message-calls';
import { argumentsLine } from './call-text';
import { LongText } from './long-text';
import { bodyClass, RowLine, RowName, RowToggle, rowClass, type Side, timeClass } from './row-frame';
import { useFold } from './stage-context';

type PastMessageProps = { id: string; message: AgentMessage; side: Side; agentName: string };

/** One message as Letta lists it: no row of the transcript, so nothing leads to it and nothing can be done with it. */
export function PastMessage({ id, message, side, agentName }: PastMessageProps) {
  const { name, kind, text, folded } = pastWords(message, agentName);
  const [open, toggle] = useFold(id, !folded);
  const at = Date.parse(message.date);
  return (
    <article aria-label={`${name}, ${kind}, ${clockTimeText(at)}`} className={rowClass[side]}>
      <time dateTime={message.date} title={exactTimeText(at)} className={timeClass[side]}>
        {clockTimeText(at)}
      </time>
      <div className={bodyClass[side]}>
        <RowLine>
          {folded ? (
            <RowToggle open={open} onToggle={toggle}>
              <RowName>
                <HostileText text={name} wrap={false} />
              </RowName>
              {!open && (
                <span className="min-w-0 truncate">
                  <HostileText text={oneLine(text)} wrap={false} />
                </span>
              )}
            </RowToggle>
          ) : (
            <>
              <RowName>
                <HostileText text={name} wrap={false} />
              </RowName>
              <span>{kind}</span>
            </>
          )}
        </RowLine>
        {open && text !== '' && (
          <div className="text-talk text-pretty text-text-2">
            <LongText id={id} text={text} as={message.messageType === 'assistant_message' ? 'markdown' : 'plain'} />
          </div>
        )}
      </div>
    </article>
  );
}

type Words = { name: string; kind: string; text: string; folded: boolean };

/** Who says what; `folded` where it is shown in one line until it is opened. */
export function pastWords(message: AgentMessage, agentName: string): Words {
  const { messageType, content = '', reasoning = '', senderName } = message;
  switch (messageType) {
    case 'user_message':
      return { name: senderName ?? 'User', kind: 'user', text: content, folded: false };
    case 'assistant_message':
      return { name: agentName, kind: 'assistant', text: content, folded: false };
    case 'system_message':
      if (message.runId === null) return { name: 'Prompt', kind: 'prompt', text: content, folded: true };
      return {
        name: senderName ? `Message from ${senderName}` : 'System',
        kind: 'system',
        text: content,
        folded: false,
      };
    case 'reasoning_message':
    case 'hidden_reasoning_message':
      return { name: 'Reasoning', kind: 'reasoning', text: reasoning, folded: true };
    case 'tool_call_message':
    case 'approval_request_message': {
      const calls = callsOf(message);
      const text = calls.map((call) => argumentsLine(call.arguments)).join('\n');
      return { name: calls.map((call) => call.name).join(', ') || 'Call', kind: 'call', text, folded: true };
    }
    case 'tool_return_message': {
      const text = returnsOf(message)
        .map((given) => given.text)
        .join('\n');
      return { name: 'Tool return', kind: 'return', text, folded: true };
    }
    case 'approval_response_message': {
      const said = (message.approvals ?? []).map(({ approve, reason }) =>
        [approve === null ? 'result given' : approve ? 'approved' : 'denied', reason].filter(Boolean).join(': '),
      );
      return { name: 'Answer', kind: 'answer', text: said.join('\n'), folded: true };
    }
    case 'summary_message':
      return { name: 'Summary', kind: 'summary', text: content, folded: true };
    case 'event_message':
      return { name: 'Event', kind: 'event', text: content, folded: true };
    case 'unknown':
      return {
        name: 'Not understood',
        kind: 'unknown',
        text: JSON.stringify(message.raw ?? null, null, 2),
        folded: true,
      };
  }
}
