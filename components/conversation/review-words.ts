import { latencyText } from '@/components/ui/duration-text';
import type { Review } from '@/lib/domain/transcript/review';

/** What became of a draft, for the chip on its line: the beginning, who, and the rest; null while it waits. */
export type ReviewWords = { before: string; who: string | null; after: string; isPerson: boolean };

/** `Approved by Mira Okafor after 6.4 s`; `Mira Okafor answered Bob`; `Expired after 15 min`. */
export function reviewWords({ settled, parkedAt }: Review, author: string): ReviewWords | null {
  if (!settled) return null;
  const tookMs = parkedAt === null ? null : Date.parse(settled.at) - Date.parse(parkedAt);
  const took = tookMs === null || tookMs < 0 ? '' : ` after ${latencyText(tookMs)}`;
  const who = settled.by;
  const by = (word: string): ReviewWords =>
    who === null
      ? { before: word, who: null, after: took, isPerson: false }
      : { before: `${word} by `, who, after: took, isPerson: true };
  switch (settled.status) {
    case 'approved':
      return by('Approved');
    case 'edited':
      return by('Edited');
    case 'rejected':
      return by('Rejected');
    case 'ignored':
      return by('Ignored');
    case 'responded':
      return who === null
        ? { before: 'The author was answered', who: null, after: took, isPerson: false }
        : { before: '', who, after: ` answered ${author}`, isPerson: true };
    case 'expired':
      return { before: 'Expired', who: null, after: took, isPerson: false };
    case 'withdrawn':
      return { before: 'Withdrawn', who: null, after: took, isPerson: false };
    case 'pending':
      return null;
  }
}

/** The same as one sentence. */
export const reviewText = ({ before, who, after }: ReviewWords): string => `${before}${who ?? ''}${after}`;
