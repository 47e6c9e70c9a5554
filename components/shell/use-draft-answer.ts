'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useKeptText } from '@/components/ui/kept-text';
import { reasonOf } from '@/components/ui/reason-of';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import { ApiError } from '@/lib/client/api';
import { useCaller, useMay } from '@/lib/client/caller';
import { useGiveVerdict } from '@/lib/client/draft-mutations';
import { draftQuery } from '@/lib/client/draft-queries';
import { type Draft, type VerdictKind, verdictKinds } from '@/lib/protocol/draft';
import { tellAnswered, tellTooLate } from './tell-answered';
import { verdictKeys, verdictLabels } from './verdict-words';

/** What is being written in answer to a draft; nothing while it is only read. */
export type AnswerMode = 'read' | 'edit' | 'respond' | 'reject';

/** The answers that take words first, each with the mode in which they are written. */
const modeOf: Partial<Record<VerdictKind, AnswerMode>> = { edit: 'edit', respond: 'respond', reject: 'reject' };
/** After these there is nothing more to answer: somebody or the clock was faster. */
const TOO_LATE = new Set(['draft.already_decided', 'draft.expired', 'draft.not_found']);

export type DraftAnswer = ReturnType<typeof useDraftAnswer>;

/**
 * One draft being answered. It is bound to what was shown: once the text is another, `changed` holds the old one, and
 * nothing is sent until the reader has taken the new one (`accept`). Key the part that uses it by the draft's id.
 */
export function useDraftAnswer(draft: Draft, onAnswered: (draft: Draft) => void) {
  const queryClient = useQueryClient();
  const verdict = useGiveVerdict();
  const mayAnswer = useMay('reviewer') && draft.status === 'pending';
  const me = useCaller().id;
  const hasApproved = draft.verdictsGiven.some(({ personId }) => personId === me);
  const [shown, setShown] = useState({ content: draft.content, hash: draft.contentHash });
  const [mode, setMode] = useKeptMode(draft.id);
  const [words, setWords] = useKeptWords(draft.id, shown);
  const isAsked = useRef(false);
  const [failure, setFailure] = useState<string | null>(null);
  const changed = shown.hash === draft.contentHash ? null : shown.content;
  const allows = (kind: VerdictKind) =>
    mayAnswer && draft.allowed.includes(kind) && !(kind === 'approve' && hasApproved);

  const isHere = useRef(false);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);

  const refused = (error: unknown) => {
    if (!(error instanceof ApiError)) return setFailure(reasonOf(error));
    void queryClient.invalidateQueries({ queryKey: draftQuery(draft.id).queryKey });
    if (TOO_LATE.has(error.code)) return tellTooLate(draft, error.message);
    setFailure(error.message);
  };
  const send = (kind: VerdictKind) => {
    const wrong = whatIsWrong(draft, kind, words);
    if (verdict.isPending || changed !== null || wrong) return setFailure(wrong);
    setFailure(null);
    const reason = words.reject.trim();
    const text = kind === 'edit' ? { content: words.edit } : kind === 'respond' ? { content: words.respond } : {};
    const why = kind === 'reject' && reason !== '' ? { reason } : {};
    const given = verdict.mutateAsync({ draftId: draft.id, verdict: kind, contentHash: shown.hash, ...text, ...why });
    // The stream may be faster than the answer and take this draft off the screen: what it came to is said all the same.
    given.then((answered) => {
      tellAnswered(queryClient, answered, kind);
      setMode('read');
      if (isHere.current) onAnswered(answered);
    }, refused);
  };
  /** Gives an answer, or opens what has to be written for it first. */
  const give = (kind: VerdictKind) => {
    if (!allows(kind)) return;
    const next = modeOf[kind];
    if (next === undefined || next === mode) return send(kind);
    setFailure(null);
    isAsked.current = true;
    setMode(next);
  };
  const leave = () => {
    setFailure(null);
    setMode('read');
  };

  const first: VerdictKind = mode === 'read' ? 'approve' : mode;
  return {
    mode,
    leave,
    words,
    setWords,
    give,
    allows,
    /** What is offered, the one that is meant first; and why nothing is, where nothing is. */
    first,
    kinds: byFirst(verdictKinds.filter(allows), first),
    closed: mayAnswer ? null : 'Only reviewers answer drafts; you may read it.',
    /** The first of two has approved; what else they say decides all the same. */
    noted: hasApproved ? 'You have approved it. It needs a second person. Any other answer decides at once.' : null,
    failure,
    changed,
    accept: () => {
      setWords({ ...words, edit: shown.content });
      setShown({ content: draft.content, hash: draft.contentHash });
      setFailure(null);
    },
    /** Whether somebody has just asked to write: then, and not when it comes back onto the screen, the field has the focus. */
    takeFocus: () => {
      const isDue = isAsked.current;
      isAsked.current = false;
      return isDue;
    },
    busy: verdict.isPending ? (verdict.variables?.verdict ?? null) : null,
    /** Hash of the text that an answer is bound to. */
    hash: shown.hash,
  };
}

const byFirst = (kinds: VerdictKind[], first: VerdictKind): VerdictKind[] =>
  kinds.toSorted((one, other) => Number(other === first) - Number(one === first));

type Words = Record<Exclude<AnswerMode, 'read'>, string>;

/**
 * What is written in answer to a draft, kept for this tab: a card leaves the screen when the reader scrolls, and another
 * draft may be looked at in between; an answer may be taken back. An edited text belongs to what it was made of, `shown`.
 */
function useKeptWords(draftId: string, shown: { content: string; hash: string }) {
  const [edit, keepEdit] = useKeptText(`draft.${draftId}.${shown.hash}`);
  const [respond, keepRespond] = useKeptText(`draft.${draftId}.respond`);
  const [reject, keepReject] = useKeptText(`draft.${draftId}.reject`);
  const words: Words = { edit: edit ?? shown.content, respond: respond ?? '', reject: reject ?? '' };
  const set = (next: Words) => {
    keepEdit(next.edit === shown.content ? null : next.edit);
    keepRespond(next.respond || null);
    keepReject(next.reject || null);
  };
  return [words, set] as const;
}

/** What was being written when the draft was last on the screen of this page. */
const modes = new Map<string, AnswerMode>();

function useKeptMode(draftId: string) {
  const [mode, setMode] = useState<AnswerMode>(() => modes.get(draftId) ?? 'read');
  const set = (next: AnswerMode) => {
    if (next === 'read') modes.delete(draftId);
    else modes.set(draftId, next);
    setMode(next);
  };
  return [mode, set] as const;
}

function whatIsWrong(draft: Draft, kind: VerdictKind, words: { edit: string; respond: string }): string | null {
  if (kind === 'respond' && words.respond.trim() === '') return `Write what ${draft.from.name} is to read.`;
  if (kind !== 'edit') return null;
  if (words.edit.trim() === '') return 'An empty text cannot be sent. Reject or ignore it instead.';
  if (words.edit === draft.content) return 'Nothing is changed yet. Approve it as written, or edit it.';
  return draft.kind === 'tool_call' && !isJsonObject(words.edit) ? 'Arguments are one JSON object.' : null;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false; // not JSON at all
  }
}

/** Puts the answers on their keys, and ⌘⏎ on what is being written. */
export function useAnswerKeys(answer: DraftAnswer): void {
  const kinds = verdictKinds.filter(answer.allows);
  const { mode } = answer;
  useShortcuts('Draft', [
    ...kinds.map((kind) => ({ keys: verdictKeys[kind], label: verdictLabels[kind], run: () => answer.give(kind) })),
    ...(mode === 'read'
      ? []
      : [
          { keys: 'mod+enter', label: 'Submit, and go to the next', run: () => answer.give(mode) },
          { keys: 'escape', label: 'Leave what is being written', run: answer.leave },
        ]),
  ]);
}
