'use client';

import { useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { countText } from '@/components/ui/count-text';
import { IconButton } from '@/components/ui/icon-button';
import { inputClass } from '@/components/ui/input';
import { foundInTranscriptQuery } from '@/lib/client/find-in-transcript';
import { useStage } from './stage-context';
import type { Jump } from './use-jump';

const TYPED_MS = 250;
const none: readonly number[] = [];

type FindBarProps = {
  conversationId: string;
  jump: Jump;
  /** What was typed before it stood there. */
  typed: string;
  onClose: () => void;
};

/** Finds words in the whole conversation, loaded or not, and goes from one place to the next, the newest first. */
export function FindBar({ conversationId, jump, typed: typedBefore, onClose }: FindBarProps) {
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(typedBefore);
  const [at, setAt] = useState<number | null>(null);
  const text = useSettled(typed.trim());
  const { data, error, isFetching } = useQuery(foundInTranscriptQuery(conversationId, text));
  const isLooking = typed.trim() !== text || (text !== '' && data === undefined && isFetching);
  const places = (!isLooking && text !== '' && data?.places) || none;
  const { current } = useStage();
  useEffect(() => {
    const before = document.activeElement;
    field.current?.focus();
    return () => {
      if (
        document.activeElement !== document.body &&
        !field.current?.closest('search')?.contains(document.activeElement)
      )
        return;
      giveFocusBack(current.get(), before);
    };
  }, [current]);
  const [eager, setEager] = useState(false);
  const go = (step: 1 | -1) => {
    if (isLooking) return setEager(true); // what was found for other words is not what is asked for
    if (places.length === 0) return;
    const next = at === null ? 0 : (at + step + places.length) % places.length;
    const streamSeq = places[next];
    setAt(next);
    if (streamSeq !== undefined) void jump({ streamSeq }, { focus: false }); // the next press of Enter is for the field
  };
  const goFirst = useRef(go);
  useEffect(() => {
    goFirst.current = go;
  });
  useEffect(() => {
    if (!eager || isLooking) return;
    setEager(false);
    goFirst.current(1);
  }, [eager, isLooking]);
  return (
    <search
      aria-label="Find in the transcript"
      className="flex min-h-10 flex-none items-center gap-1.5 border-line-strong border-b px-3 desk:px-4 pointer-coarse:py-1"
    >
      <input
        ref={field}
        type="search"
        aria-label="Words to find in this conversation"
        placeholder="Find in this conversation"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(null);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
          if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
          event.preventDefault();
          go(event.shiftKey ? -1 : 1);
        }}
        className={`${inputClass} h-7 max-w-[360px] text-ui`}
      />
      <span role="status" className="min-w-24 flex-none px-1 text-meta text-text-2">
        {error
          ? `Could not be searched: ${error.message}`
          : foundText({ text, at, places, isLooking, more: data?.more ?? false })}
      </span>
      <IconButton icon={ChevronUp} label="Previous match" keys="enter" size="small" onClick={() => go(1)} />
      <IconButton icon={ChevronDown} label="Next match" keys="shift+enter" size="small" onClick={() => go(-1)} />
      <IconButton icon={X} label="Close" keys="escape" size="small" className="ml-auto" onClick={onClose} />
    </search>
  );
}

/** To the row on which the search ended; without one, to where the focus was when it began. */
function giveFocusBack(rowId: string | null, before: Element | null): void {
  const row = rowId === null ? null : document.querySelector(`[data-row="${CSS.escape(rowId)}"]`);
  const next = row ?? before;
  if (next instanceof HTMLElement) next.focus({ preventScroll: true });
}

type FoundText = { text: string; at: number | null; places: readonly number[]; isLooking: boolean; more: boolean };

function foundText({ text, at, places, isLooking, more }: FoundText): string {
  if (isLooking) return 'Looking';
  if (text === '') return '';
  if (places.length === 0) return 'Nothing found';
  const all = `${countText(places.length)}${more ? ' or more' : ''}`;
  return at === null ? `${all} found` : `${countText(at + 1)} of ${all}`;
}

/** The value once it has stood still for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPED_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
