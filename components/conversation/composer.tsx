'use client';

import { useEffect, useId } from 'react';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { cutText } from '@/components/ui/cut-text';
import { inputClass } from '@/components/ui/input';
import { keepTyped } from '@/components/ui/keep-typed';
import { useKeptText } from '@/components/ui/kept-text';
import { reasonOf } from '@/components/ui/reason-of';
import { StateShape } from '@/components/ui/state-shape';
import { createStore, useStore } from '@/components/ui/store';
import { Tile } from '@/components/ui/tile';
import { keepFromShortcuts } from '@/components/ui/use-shortcuts';
import { ApiError, newIdempotencyKey } from '@/lib/client/api';
import type { Speak } from '@/lib/protocol/conversation';

const NAME_MAX = 24;

/** Read after the turn that runs, or taken in where the agent stops next. */
export type Deliver = Speak['deliver'];

/** `attempt`: what no answer came to, and its key: the same again is not done twice. */
type Sending = 'sending' | { failed: string; attempt: Attempt | null };
type Attempt = { text: string; deliver: Deliver; key: string };

/** By the names of what is being said. Not of one composer: it may leave the screen and come back while it sends. */
const underWay = createStore<ReadonlyMap<string, Sending>>(new Map());

function setUnderWay(name: string, state: Sending | null): void {
  const next = new Map(underWay.get());
  if (state === null) next.delete(name);
  else next.set(name, state);
  underWay.set(next);
}

type ComposerProps = {
  /** Under which what is typed is kept until it is sent or discarded. */
  keptAs: string;
  /** Whom one speaks to. */
  name: string;
  /** The agent has a turn: what is said now is read after it. */
  busy: boolean;
  /** Instead of what the field says by itself while it is empty. */
  placeholder?: string;
  /** The reader speaks in an agent's place: who, and as whom. */
  as?: { person: string; agent: string };
  /** The press that brought it here has left the page: the focus goes to the field. */
  takesFocus?: boolean;
  /** Resolves when what was said is committed; rejects with the reason why it was not. */
  speak: (content: string, deliver: Deliver, idempotencyKey: string) => Promise<unknown>;
};

/**
 * Speaks to one agent. Nothing is shown as sent before it is committed: the text stays here, and leaves when the entry
 * is in the ledger. What was not sent keeps its text.
 */
export function Composer({ keptAs, name, busy, placeholder, speak, as, takesFocus = false }: ComposerProps) {
  const id = useId();
  useEffect(() => {
    if (takesFocus && document.activeElement === document.body) document.getElementById(id)?.focus();
  }, [takesFocus, id]);
  const shortName = cutText(name, NAME_MAX, '…');
  const [kept, keep] = useKeptText(keptAs);
  const text = kept ?? '';
  const state = useStore(underWay, (all) => all.get(keptAs) ?? null);
  const sending = state === 'sending';
  const { failed, attempt } = state !== null && state !== 'sending' ? state : { failed: null, attempt: null };
  const discard = () => {
    keep(null);
    setUnderWay(keptAs, null);
  };
  const send = (deliver: Deliver) => {
    if (sending || text.trim() === '') return;
    const isAgain = attempt?.text === text && attempt.deliver === deliver;
    const now = isAgain ? attempt : { text, deliver, key: newIdempotencyKey() };
    setUnderWay(keptAs, 'sending');
    speak(text, deliver, now.key).then(discard, (error: unknown) => {
      const isUnknown = error instanceof ApiError && error.code === 'network';
      const reason = reasonOf(error);
      setUnderWay(keptAs, { failed: reason, attempt: isUnknown ? now : null });
    });
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
          onChange={(event) => keep(event.target.value === '' ? null : event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            keepFromShortcuts(event.nativeEvent); // ⌘⏎ may mean a draft beside it, too
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
          <Button size="small" onClick={() => send(attempt?.deliver ?? 'next_turn')}>
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
