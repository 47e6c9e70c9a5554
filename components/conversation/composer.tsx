'use client';

import { useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { inputClass } from '@/components/ui/input';
import { keepTyped } from '@/components/ui/keep-typed';
import { StateShape } from '@/components/ui/state-shape';
import { Tile } from '@/components/ui/tile';
import type { Speak } from '@/lib/protocol/conversation';

const NAME_MAX = 24;

/** Read after the turn that runs, or taken in where the agent stops next. */
export type Deliver = Speak['deliver'];

type ComposerProps = {
  /** Whom one speaks to. */
  name: string;
  /** The agent has a turn: what is said now is read after it. */
  busy: boolean;
  /** Instead of what the field says by itself while it is empty. */
  placeholder?: string;
  /** The reader speaks in an agent's place: who, and as whom. */
  as?: { person: string; agent: string };
  /** Resolves when what was said is committed; rejects with the reason why it was not. */
  speak: (content: string, deliver: Deliver) => Promise<unknown>;
};

/**
 * Speaks to one agent. Nothing is shown as sent before it is committed: the text stays here, and leaves when the entry
 * is in the ledger. What was not sent keeps its text.
 */
export function Composer({ name, busy, placeholder, speak, as }: ComposerProps) {
  const id = useId();
  const shortName = name.length > NAME_MAX ? `${name.slice(0, NAME_MAX - 1)}…` : name;
  const [text, setText] = useState('');
  const [state, setState] = useState<'ready' | 'sending' | { failed: string }>('ready');
  const sending = state === 'sending';
  const failed = typeof state === 'object' ? state.failed : null;
  const send = (deliver: Deliver) => {
    if (sending || text.trim() === '') return;
    setState('sending');
    speak(text, deliver).then(
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
      className={classNames(
        'grid min-w-0 gap-1.5 px-3 py-2 wide:px-4',
        as ? 'seat-human h-full content-center bg-human-wash' : 'bg-surface',
      )}
      onSubmit={(event) => {
        event.preventDefault();
        send('next_turn');
      }}
    >
      <div className={classNames('flex min-w-0 items-end gap-2', as && 'max-wide:flex-wrap')}>
        {as && (
          <span className="flex h-8 max-w-1/2 flex-none items-center gap-2 whitespace-nowrap font-name text-human-text text-ui max-wide:h-6 max-wide:max-w-full max-wide:basis-full">
            <Tile name={as.person} hue="human" />
            <span className="truncate">You speak as {as.agent}</span>
          </span>
        )}
        <label htmlFor={id} className="sr-only">
          {as ? `Write to ${name} as ${as.agent}` : `Message ${name}`}
        </label>
        <textarea
          ref={keepTyped}
          id={id}
          rows={1}
          value={text}
          readOnly={sending}
          aria-busy={sending}
          aria-describedby={failed ? `${id}-failed` : undefined}
          aria-invalid={failed ? true : undefined}
          placeholder={placeholder ?? (busy ? `Message ${shortName}, read after this turn` : `Message ${shortName}`)}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            send(busy && (event.metaKey || event.ctrlKey) ? 'next_step' : 'next_turn');
          }}
          className={`${inputClass} thin-scroll field-sizing-content block h-auto max-h-[40dvh] min-h-8 resize-none py-[5px] text-talk pointer-coarse:py-[11px] ${as ? 'min-w-0 flex-1 border-human' : ''}`}
        />
        {busy && text !== '' && !sending && (
          <Button
            size="tall"
            keys="mod+enter"
            title="Read with the answer to the call at which it stops next, or as its next turn, before whatever else waits. Nothing is interrupted."
            onClick={() => send('next_step')}
          >
            At its next step
          </Button>
        )}
        {(text !== '' || sending || as) && (
          <Button type="submit" size="tall" variant={as ? 'human' : 'plain'} busy={sending} keys="enter">
            {sending ? 'Sending' : 'Send'}
          </Button>
        )}
      </div>
      {failed && (
        <div id={`${id}-failed`} role="alert" className="flex min-w-0 flex-wrap items-center gap-2 text-meta">
          <StateShape shape="octagon" />
          <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">Not sent: {failed}</span>
          <Button size="small" onClick={() => send('next_turn')}>
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
