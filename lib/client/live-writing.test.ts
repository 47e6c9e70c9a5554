import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '@/lib/protocol/entry';
import { knownEntry } from '@/lib/protocol/entry';
import { Delta } from '@/lib/protocol/socket';
import { conversationStream } from '@/lib/protocol/stream';
import { addDelta, finishWriting, type Writing } from './live-writing';
import { nothingWriting, stillWriting } from './still-writing';

const talk = conversationStream('0199a000-0000-7000-8000-000000000001');
const turnId = '0199a000-0000-7000-8000-00000000000f';

const piece = (offset: number, text: string, more: object = {}) =>
  Delta.parse({
    stream: talk,
    seat: 'a',
    turnId,
    messageId: 'message-1',
    messageType: 'assistant_message',
    field: 'content',
    offset,
    text,
    ...more,
  });

const entryOf = (type: string, payload: object): Entry => {
  const at = '2026-11-20T10:00:00.000Z';
  const actor = { kind: 'system', id: 'parley', name: 'Parley' } as const;
  const id = '0199a000-0000-7000-8000-0000000000aa';
  const envelope = { seq: 1, stream: talk, streamSeq: 1, id, occurredAt: at, receivedAt: at, cause: null, actor };
  const entry = knownEntry(JSON.parse(JSON.stringify({ ...envelope, type, payload })));
  if (!entry) throw new Error('not an entry');
  return entry;
};

const seen = (messageId: string, messageType = 'assistant_message', more = {}) =>
  entryOf('message.seen', {
    seat: 'a',
    messageId,
    messageType,
    content: 'done',
    runId: null,
    stepId: null,
    ...more,
    otid: null,
    senderId: null,
    senderName: null,
    date: '2026-11-20T10:00:00.000Z',
  });

/** As a view sees it that shows the first entry. */
const still = ({ texts }: Writing) => [...stillWriting(texts, 1).values()];
const textsOf = (...pieces: Delta[]) => [...pieces.reduce(addDelta, nothingWriting).texts.values()];

describe('what is being written', () => {
  it('[LV36] adds up by message and field', () => {
    const thought = { messageType: 'reasoning_message', field: 'reasoning' };
    expect(textsOf(piece(0, 'Hel'), piece(0, 'Why', thought), piece(3, 'lo'))).toMatchObject([
      { field: 'content', text: 'Hello', whole: true },
      { field: 'reasoning', text: 'Why', whole: true },
    ]);
  });

  it('[LV36] a doubled piece changes nothing; one written anew takes the place of what was there', () => {
    const once = [piece(0, 'Hel'), piece(3, 'lo')].reduce(addDelta, nothingWriting);
    expect(addDelta(once, piece(3, 'lo'))).toBe(once);
    expect(addDelta(once, piece(0, 'Hel'))).toBe(once);
    expect(textsOf(piece(0, 'Hel'), piece(3, 'lo'), piece(0, 'Go'))).toMatchObject([{ text: 'Go', whole: true }]);
  });

  it('[LV37] after a missed piece the text stands still and says that it is not whole', () => {
    expect(textsOf(piece(0, 'Hel'), piece(5, 'world'), piece(10, '!'))).toMatchObject([{ text: 'Hel', whole: false }]);
    expect(textsOf(piece(4, 'late'))).toMatchObject([{ text: '', whole: false }]);
  });

  it('[LV38] a message that was seen, or a turn that has ended, takes its pieces away, late ones included', () => {
    const writing = [piece(0, 'Hel'), piece(0, 'next', { messageId: 'message-2' })].reduce(addDelta, nothingWriting);
    const after = finishWriting(writing, seen('message-1'));
    expect(still(after)).toMatchObject([{ messageId: 'message-2' }]);
    expect(addDelta(after, piece(3, 'lo'))).toBe(after);
    expect(still(finishWriting(writing, seen('message-1', 'tool_call_message')))).toHaveLength(2);
    const renamed = seen('message-9', 'assistant_message', { deltaId: 'message-1' });
    expect(still(finishWriting(writing, renamed))).toMatchObject([{ messageId: 'message-2' }]);
    const ended = entryOf('turn.ended', {
      seat: 'a',
      turnId,
      runId: null,
      stopReason: 'end',
      usage: null,
      error: null,
    });
    const over = finishWriting(writing, ended);
    expect(still(over)).toEqual([]);
    expect(addDelta(over, piece(3, 'lo'))).toBe(over);
  });

  it('[LV47] a text stays for a view that does not show yet what ended it, and few such texts are kept', () => {
    const one = finishWriting(addDelta(nothingWriting, piece(0, 'Hel')), seen('message-1'));
    expect([...stillWriting(one.texts, 0).values()]).toMatchObject([{ text: 'Hel' }]);
    expect(stillWriting(one.texts, 1).size).toBe(0);
    const many = Array.from({ length: 100 }, (_, index) => `message-${index}`).reduce(
      (writing, messageId) => finishWriting(addDelta(writing, piece(0, 'x', { messageId })), seen(messageId)),
      addDelta(nothingWriting, piece(0, 'Hel', { messageId: 'unfinished' })),
    );
    expect(many.texts.size).toBeLessThan(50);
    expect(still(many)).toMatchObject([{ messageId: 'unfinished' }]);
  });

  it('[LV37] whatever is lost or doubled, the text is always a beginning of the message, and all of it when whole', () => {
    const message = 'The quick brown fox jumps over the lazy dog';
    const cut = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 12 });
    const fates = fc.array(fc.constantFrom('lost', 'once', 'once', 'once', 'twice'), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(cut, fates, (lengths, fate) => {
        let offset = 0;
        const pieces = lengths.map((length) => {
          const made = piece(offset, message.slice(offset, offset + length));
          offset += made.text.length;
          return made;
        });
        const sent = pieces.flatMap((one, index) => {
          if (one.text === '' || fate[index] === 'lost') return [];
          return fate[index] === 'twice' ? [one, one] : [one];
        });
        for (const { text, whole } of textsOf(...sent)) {
          expect(message.startsWith(text)).toBe(true);
          const last = sent.at(-1);
          if (whole && last) expect(text.length).toBe(last.offset + last.text.length);
        }
      }),
    );
  });
});
