import { expect, test } from 'vitest';
import { DialogueBuilder } from '@/lib/domain/transcript/dialogue-builder';
import { placesOf } from './find-in-transcript';

test('what is said is found once, the newest first, and only where its words are', () => {
  const { entries } = new DialogueBuilder()
    .spoken('a', 'Ask Bob about Perception', 1)
    .conveyed('a', 'b', 'What is perception?', 2)
    .seen({ seat: 'b', messageType: 'assistant_message', content: 'It is a window.' })
    .seen({ seat: 'b', messageType: 'reasoning_message', reasoning: 'perception again' });
  const found = placesOf(entries, 'perception');
  const kinds = found.map((place) => entries[place - 1]?.type);
  expect(found).toEqual([...found].sort((one, other) => other - one));
  expect(kinds.at(-1)).toBe('message.spoken');
  expect(kinds[0]).toBe('message.seen');
  expect(placesOf(entries, 'window')).toHaveLength(1);
  expect(placesOf(entries, 'nowhere')).toEqual([]);
});

test('what the engine repeats of the words of a person counts once', () => {
  const { entries } = new DialogueBuilder()
    .spoken('a', 'Hello there', 1)
    .seen({ seat: 'a', messageType: 'user_message', content: 'Hello there', otid: 'otid-1' });
  expect(placesOf(entries, 'hello')).toEqual([1]);
});
