import { expect, it } from 'vitest';
import type { Review } from '@/lib/domain/transcript/review';
import { DraftId } from '@/lib/protocol/ids';
import { reviewText, reviewWords } from './review-words';

const told = (status: NonNullable<Review['settled']>['status'], by: string | null = 'Mira Okafor') => {
  const words = reviewWords(
    {
      draftId: DraftId.parse('0193a000-0000-7000-8000-000000000001'),
      parkedAt: '2026-11-21T11:41:53.000Z',
      settled: { status, by, at: '2026-11-21T11:41:59.400Z' },
    },
    'Bob',
  );
  return words && reviewText(words);
};

it('says what a draft came to, by whom, and how long that took', () => {
  expect(told('approved')).toBe('Approved by Mira Okafor after 6.4 s');
  expect(told('edited')).toBe('Edited by Mira Okafor after 6.4 s');
  expect(told('responded')).toBe('Mira Okafor answered Bob');
  expect(told('rejected')).toBe('Rejected by Mira Okafor after 6.4 s');
  expect(told('expired', null)).toBe('Expired after 6.4 s');
  expect(told('withdrawn', null)).toBe('Withdrawn after 6.4 s');
  expect(told('pending', null)).toBeNull();
});
