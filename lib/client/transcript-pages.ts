import { applyTranscript, prependTranscript } from '@/lib/domain/transcript/transcript';
import type { Transcript } from '@/lib/domain/transcript/transcript-state';
import type { ToldEntry } from '@/lib/protocol/told-entry';
import { api } from './api';

/** Entries of a page, where nothing else is asked for. */
export const PAGE = 200;

type Span = { before: number } | { after: number } | { from: string };

/** One page of a conversation's history, ascending. Throws an ApiError. */
export const entriesOf = (conversationId: string, span: Span, options: { limit?: number; signal?: AbortSignal } = {}) =>
  api({
    path: `/api/conversations/${conversationId}/entries`,
    query: { ...span, limit: options.limit ?? PAGE },
    answer: { later: async ({ pageOf }) => pageOf((await import('@/lib/protocol/told-entry')).ToldEntry) },
    ...(options.signal ? { signal: options.signal } : {}),
  });

/** A page belongs before the transcript only where it still begins where it began when the page was asked for. */
export const withOlder = (state: Transcript, page: readonly ToldEntry[]): Transcript =>
  page.at(-1)?.streamSeq === state.first - 1 ? prependTranscript(state, page) : state;

/** A page belongs behind the transcript only where it still ends where it ended when the page was asked for. */
export const withNewer = (state: Transcript, page: readonly ToldEntry[]): Transcript =>
  page[0]?.streamSeq === state.last + 1 ? page.reduce(applyTranscript, state) : state;
