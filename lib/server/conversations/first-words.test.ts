import { expect, test } from 'vitest';
import { ServerName } from '@/lib/protocol/ids';
import { createFirstWords } from './first-words';

const [one, other] = [ServerName.parse('one'), ServerName.parse('other')];
const LONG_MS = 60_000;

test('whoever waits for first words goes on with the last of them, and at once where none is expected', async () => {
  const words = createFirstWords();
  await words.heard(one, LONG_MS);
  const [first, second] = [words.expect(one), words.expect(one)];
  words.expect(other);
  let isOver = false;
  const waiting = words.heard(one, LONG_MS).then(() => {
    isOver = true;
  });
  first();
  first();
  await words.heard(one, 20);
  expect(isOver).toBe(false);
  second();
  await waiting;
  await words.heard(one, LONG_MS);
});

test('it is not waited for ever for a word that does not come', async () => {
  const words = createFirstWords();
  words.expect(one);
  await words.heard(one, 10);
});
