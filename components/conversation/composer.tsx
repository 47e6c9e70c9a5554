'use client';

import { useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { inputClass } from '@/components/ui/input';
import { StateShape } from '@/components/ui/state-shape';

const NAME_MAX = 24;

type ComposerProps = {
  /** Whom one speaks to. */
  name: string;
  /** The agent has a turn: what is said now is read after it. */
  busy: boolean;
  /** Resolves when what was said is committed; rejects with the reason why it was not. */
  speak: (content: string) => Promise<unknown>;
};

/**
 * Speaks to one agent. Nothing is shown as sent before it is committed: the text stays here, and leaves when the entry
 * is in the ledger. What was not sent keeps its text.
 */
export function Composer({ name, busy, speak }: ComposerProps) {
  const id = useId();
  const shortName = name.length > NAME_MAX ? `${name.slice(0, NAME_MAX - 1)}…` : name;
  const [text, setText] = useState('');
  const [state, setState] = useState<'ready' | 'sending' | { failed: string }>('ready');
  const sending = state === 'sending';
  const failed = typeof state === 'object' ? state.failed : null;
  const send = () => {
    if (sending || text.trim() === '') return;
    setState('sending');
    speak(text).then(
      () => {
        setText('');
        setState('ready');
      },
      (error: unknown) => setState({ failed: error instanceof Error ? error.message : 'It could not be sent.' }),
    );
  };
  const discard = () => {
    setText('');
    setState('ready');
  };
  return (
    <form
      className="grid min-w-0 gap-1.5 bg-surface px-3 py-2 wide:px-4"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="flex min-w-0 items-end gap-2">
        <label htmlFor={id} className="sr-only">
          Message {name}
        </label>
        <textarea
          id={id}
          rows={1}
          value={text}
          readOnly={sending}
          aria-busy={sending}
          aria-describedby={failed ? `${id}-failed` : undefined}
          aria-invalid={failed ? true : undefined}
          placeholder={busy ? `Message ${shortName}, read after this turn` : `Message ${shortName}`}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            send();
          }}
          className={`${inputClass} thin-scroll field-sizing-content block h-auto max-h-[40dvh] min-h-8 resize-none py-[5px] text-talk`}
        />
        {(text !== '' || sending) && (
          <Button type="submit" size="tall" busy={sending} keys="enter">
            {sending ? 'Sending' : 'Send'}
          </Button>
        )}
      </div>
      {failed && (
        <div id={`${id}-failed`} role="alert" className="flex min-w-0 flex-wrap items-center gap-2 text-meta">
          <StateShape shape="octagon" />
          <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">Not sent: {failed}</span>
          <Button size="small" onClick={send}>
            Retry
          </Button>
          <Button size="small" variant="quiet" onClick={discard}>
            Discard
          </Button>
        </div>
      )}
    </form>
  );
}
