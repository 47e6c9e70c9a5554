import { expect, test } from 'vitest';
import { alice, bob, DialogueBuilder, uuid } from './dialogue-builder';
import { inputRowId } from './read-entry';
import { isWithoutAnswer } from './silent-turn';
import { applyTranscript, emptyTranscript, prependTranscript } from './transcript';
import { findRow, type Transcript } from './transcript-state';

const turn = { seat: 'a', turnId: uuid(1) } as const;
const spoken = inputRowId(alice.id, 'otid-1');

/** Words of a person, the turn they began, what the agent did in it, and its end. */
function told(
  work: (dialogue: DialogueBuilder) => DialogueBuilder,
  stopReason = 'end_turn',
  after = work,
): DialogueBuilder {
  const begun = new DialogueBuilder()
    .spoken('a', 'Hello', 1)
    .write('turn.started', { ...turn, input: 'person', otid: 'otid-1' });
  const confirmed = (dialogue: DialogueBuilder) =>
    dialogue.seen({ seat: 'a', messageType: 'user_message', content: 'Hello', otid: 'otid-1' });
  const ended = work(confirmed(begun)).write('turn.ended', {
    ...turn,
    runId: 'run-1',
    stopReason,
    usage: null,
    error: null,
  });
  return after === work ? ended : after(ended);
}
const none = (dialogue: DialogueBuilder) => dialogue;
const speaks = (dialogue: DialogueBuilder) =>
  dialogue.seen({ seat: 'a', messageType: 'assistant_message', content: 'Hello yourself.' });

const fold = ({ entries }: DialogueBuilder): Transcript =>
  entries.reduce(applyTranscript, emptyTranscript([alice, bob], [alice.id, bob.id]));
const isSilent = (state: Transcript) => {
  const row = findRow(state, spoken);
  if (!row) throw new Error('the words are not there');
  return isWithoutAnswer(state, row);
};

test('[TR31] a turn that ended well and without a word leaves what began it without an answer', () => {
  expect(isSilent(fold(told(none)))).toBe(true);
  expect(isSilent(fold(told(speaks)))).toBe(false);
});

test('[TR31] the same whichever entry was loaded first', () => {
  const { entries } = told(none);
  const [last] = entries.slice(-1);
  if (!last) throw new Error('nothing told');
  const begun = applyTranscript(emptyTranscript([alice, bob], [alice.id, bob.id]), last);
  expect(isSilent(prependTranscript(begun, entries.slice(0, -1)))).toBe(true);
});

test('[TR31] what is recorded late is an answer, and what answers the next words is not', () => {
  expect(isSilent(fold(told(none, 'end_turn', speaks)))).toBe(false);
  const next = (dialogue: DialogueBuilder) => speaks(dialogue.spoken('a', 'Are you there?', 2));
  expect(isSilent(fold(told(none, 'end_turn', next)))).toBe(true);
});

test('[TR31] a turn that runs, waits or failed is told otherwise', () => {
  expect(isSilent(fold(new DialogueBuilder().spoken('a', 'Hello', 1)))).toBe(false);
  expect(isSilent(fold(told(none, 'requires_approval')))).toBe(false);
  expect(isSilent(fold(told(none, 'llm_api_error')))).toBe(false);
});
