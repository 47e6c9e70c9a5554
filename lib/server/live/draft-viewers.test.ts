import { expect, test } from 'vitest';
import { DraftViewer } from '@/lib/protocol/draft';
import { DraftId } from '@/lib/protocol/ids';
import type { ViewedDraft } from '@/lib/protocol/socket';
import type { HubListener } from '../hub';
import { createDraftViewers } from './draft-viewers';

const one = DraftId.parse('0199a000-0000-7000-8000-00000000000a');
const two = DraftId.parse('0199a000-0000-7000-8000-00000000000b');
const person = (id: string) => ({ kind: 'person' as const, id, name: `${id} of the team` });
const viewer = (id: string) => DraftViewer.parse({ personId: id, name: `${id} of the team` });

/** An instance, and what reaches the others of it. Its time is moved by hand. */
function instance() {
  const listeners = new Set<HubListener>();
  const published: ViewedDraft[][] = [];
  let nowMs = 0;
  const viewers = createDraftViewers(
    {
      listen: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      publishViewed: (viewed) => void published.push([...viewed]),
    },
    { now: () => new Date(nowMs), monotonicMs: () => nowMs },
  );
  const told: ViewedDraft[][] = [];
  viewers.onChange((viewed) => told.push(viewed));
  const hear = (from: string, viewed: ViewedDraft[]) => {
    for (const listener of listeners) listener.viewed?.(from, viewed);
  };
  return { viewers, told, published, hear, moveOn: (ms: number) => (nowMs += ms) };
}

test('[DR30] who has a draft open is known as long as a page of theirs has it, each person once', async () => {
  const { viewers, told, published } = instance();
  const [page, second, other] = [
    viewers.enter(person('mira')),
    viewers.enter(person('mira')),
    viewers.enter(person('jo')),
  ];
  page.look([one]);
  second.look([one, two]);
  other.look([one]);
  expect(viewers.of(one)).toEqual([viewer('jo'), viewer('mira')]);
  await expect.poll(() => told.flat()).toContainEqual({ draftId: two, viewers: [viewer('mira')] });
  expect(published.flat()).toContainEqual({ draftId: one, viewers: [viewer('jo'), viewer('mira')] });
  page.look([two]);
  expect(viewers.of(one)).toEqual([viewer('jo'), viewer('mira')]);
  second.leave();
  expect(viewers.of(one)).toEqual([viewer('jo')]);
  expect(viewers.of(two)).toEqual([viewer('mira')]);
  page.leave();
  other.leave();
  expect([viewers.of(one), viewers.of(two)]).toEqual([[], []]);
  viewers.stop();
  expect(told.at(-1)).toContainEqual({ draftId: one, viewers: [] });
  expect(published.at(-1)).toContainEqual({ draftId: two, viewers: [] });
});

test('[DR30] what another instance has said is added, told on, and believed for 15 s', async () => {
  const { viewers, told, hear, moveOn } = instance();
  viewers.enter(person('mira')).look([one]);
  hear('elsewhere', [{ draftId: one, viewers: [viewer('jo')] }]);
  expect(viewers.of(one)).toEqual([viewer('jo'), viewer('mira')]);
  await expect.poll(() => told.flat().at(-1)).toEqual({ draftId: one, viewers: [viewer('jo'), viewer('mira')] });
  moveOn(14_000);
  hear('elsewhere', [{ draftId: one, viewers: [viewer('jo')] }]);
  moveOn(14_000);
  expect(viewers.of(one)).toEqual([viewer('jo'), viewer('mira')]);
  moveOn(1_001);
  expect(viewers.of(one)).toEqual([viewer('mira')]);
  hear('elsewhere', [{ draftId: one, viewers: [viewer('jo')] }]);
  hear('elsewhere', [{ draftId: one, viewers: [] }]);
  expect(viewers.of(one)).toEqual([viewer('mira')]);
  viewers.stop();
});
