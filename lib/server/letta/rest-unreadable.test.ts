import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AppError } from '@/lib/protocol/errors';
import { listReadable } from './rest-unreadable';

/** A server that holds these messages; of those marked it can make none. */
function listing(marks: readonly boolean[]) {
  return async (end: 'oldest' | 'newest', limit: number): Promise<number[]> => {
    const places = marks.map((_, place) => place);
    const page = end === 'oldest' ? places.slice(0, limit) : places.slice(-limit);
    if (!page.some((place) => marks[place])) return page;
    throw new AppError('request.invalid', 'Letta: Invalid system message (no text object on system): […]');
  };
}

it('[LF14] lists what stands before the first message that cannot be listed and after the last, whole and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { maxLength: 40 }),
      fc.integer({ min: 1, max: 50 }),
      async (marks, limit) => {
        const { before, after, words } = await listReadable(listing(marks), 'oldest', limit);
        const [first, last] = [marks.indexOf(true), marks.lastIndexOf(true)];
        const places = marks.map((_, place) => place);
        if (first < 0 || first >= limit) {
          expect({ before, after, words }).toEqual({ before: [], after: places.slice(0, limit), words: null });
          return;
        }
        expect(before).toEqual(places.slice(0, first));
        expect(after).toEqual(places.slice(last + 1));
        expect(words).toContain('Invalid system message');
      },
    ),
  );
});

it('[LF14] lists from the newest back to such a message', async () => {
  const marks = [false, false, true, false, false, false];
  expect(await listReadable(listing(marks), 'newest', 5)).toMatchObject({ before: [], after: [3, 4, 5] });
});

it('takes no other refusal for one', async () => {
  const refused = async () => {
    throw new AppError('request.invalid', "Letta: No message found with id 'message-1'");
  };
  await expect(listReadable(refused, 'oldest', 10)).rejects.toMatchObject({ code: 'request.invalid' });
});
