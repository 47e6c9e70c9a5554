import { describe, expect, it } from 'vitest';
import { alice, bob, carol, DialogueBuilder } from './dialogue-builder';
import { rowKind } from './row';
import { findRowBySeq, momentIndexOf, rowBeside } from './row-order';
import { applyTranscript, emptyTranscript } from './transcript';
import { paneOf } from './transcript-state';

const dialogue = new DialogueBuilder()
  .seen({ seat: 'b', messageType: 'reasoning_message' })
  .after(2_000)
  .conveyed('a', 'b', 'Hi', 1)
  .after(2_000)
  .write('conversation.changed', { title: 'Owls' })
  .seen({ seat: 'c', messageType: 'reasoning_message' })
  .seen({ seat: 'b', messageType: 'assistant_message' });
const transcript = dialogue.entries.reduce(applyTranscript, emptyTranscript([alice, bob, carol], [alice.id, bob.id]));

describe('the order in which rows are read', () => {
  it('[TR26] goes through the moments, left before right, and over what is no row of a shown seat', () => {
    const [first] = paneOf(transcript, bob.id);
    const read = [];
    for (let row = first ?? null; row; row = rowBeside(transcript, row.id, 1)) read.push(row);
    expect(read.map((row) => `${row.seat}:${rowKind(row)}`)).toEqual([
      'b:reasoning',
      'a:call',
      'b:received',
      'a:return',
      'b:assistant',
    ]);
    const back = [];
    for (let row = read.at(-1) ?? null; row; row = rowBeside(transcript, row.id, -1)) back.unshift(row);
    expect(back).toEqual(read);
  });

  it('[TR26] knows the moment of each', () => {
    const indexes = [...paneOf(transcript, bob.id)].map((row) => momentIndexOf(transcript, row));
    expect(indexes).toEqual([0, 1, 3]);
    for (const row of paneOf(transcript, carol.id)) expect(momentIndexOf(transcript, row)).toBe(-1);
  });

  it('[TR27] any entry that told of a row leads to it', () => {
    const kindAt = (streamSeq: number) => {
      const row = findRowBySeq(transcript, dialogue.entries[streamSeq - 1]?.seq ?? 0);
      return row && rowKind(row);
    };
    expect([1, 2, 3, 4, 5, 6, 7].map(kindAt)).toEqual([
      'reasoning',
      'call',
      'call',
      'received',
      'received',
      'call',
      'call',
    ]);
    expect(findRowBySeq(transcript, 1)).toBeUndefined();
  });
});
