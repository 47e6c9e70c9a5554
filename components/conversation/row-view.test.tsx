import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { alice, bob, DialogueBuilder, uuid } from '@/lib/domain/transcript/dialogue-builder';
import { applyTranscript, emptyTranscript } from '@/lib/domain/transcript/transcript';
import { paneOf } from '@/lib/domain/transcript/transcript-state';
import { LateRow } from './late-row';
import { endsOf, turnOf } from './row-ends';
import { RowView } from './row-view';
import { createStageStores, type Stage, StageProvider } from './stage-context';

const stage: Stage = {
  ...createStageStores(),
  who: {
    a: { name: 'Alice', hue: 'a', letters: 'A' },
    b: { name: 'Bob', hue: 'b', letters: 'B' },
  },
  goToEnd: () => undefined,
  copyLink: () => undefined,
  settle: async () => undefined,
  settleLate: async () => undefined,
  interrupt: () => undefined,
  mayAct: true,
};

/** The rows of a pane as a page without scripts would show them; `Drawn` where what draws them is loaded on its own. */
function shown(
  write: (dialogue: DialogueBuilder) => unknown,
  seat = alice,
  Drawn: typeof LateRow | null = null,
): string {
  const dialogue = new DialogueBuilder();
  write(dialogue);
  const transcript = dialogue.entries.reduce(applyTranscript, emptyTranscript([alice, bob], [alice.id, bob.id]));
  return renderToStaticMarkup(
    <StageProvider value={stage}>
      {[...paneOf(transcript, seat.id)].map((row) =>
        Drawn ? (
          <Drawn key={row.id} row={row} side="left" />
        ) : (
          <RowView key={row.id} row={row} side="left" ends={endsOf(transcript, row)} turn={turnOf(transcript, row)} />
        ),
      )}
    </StageProvider>,
  );
}
const textOf = (markup: string) => markup.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('a row of a pane', () => {
  it('shows the words of a person, and that the agent has not got them yet', () => {
    const text = textOf(shown((dialogue) => dialogue.spoken('a', 'Hello Alice', 1)));
    expect(text).toContain('Mira Okafor');
    expect(text).toContain('Hello Alice');
    expect(text).toContain('waits for the agent');
  });

  it('tells both ends of a message in words, with the latency of its line', () => {
    const write = (dialogue: DialogueBuilder) => dialogue.conveyed('a', 'b', 'Hi Bob', 1);
    expect(textOf(shown(write))).toContain('to Bob · 198 ms');
    expect(textOf(shown(write, bob))).toContain('from Alice · 198 ms');
    expect(shown(write)).toContain(`data-out="${uuid(1)}"`);
    expect(shown(write, bob)).toContain(`data-in="${uuid(1)}"`);
  });

  it('[SE15] keeps apart what an agent wrote while a person sat in its seat, and offers both ways out', () => {
    const late = { seat: 'b', messageId: 'late-1', toolCallId: null };
    const write = (dialogue: DialogueBuilder) =>
      dialogue
        .seen({ seat: 'b', messageId: 'late-1', messageType: 'assistant_message', content: 'As I was saying' })
        .write('output.quarantined', { ...late, content: 'As I was saying', mode: 'none', toAgentId: null });
    expect(textOf(shown(write, bob))).toContain('Late output'); // until what draws it is loaded
    const text = textOf(shown(write, bob, LateRow));
    expect(text).toContain('Late output, not sent');
    expect(text).toContain('Offer as draft');
    expect(text).toContain('As I was saying');
    const dropped = textOf(
      shown((dialogue) => write(dialogue).write('output.dropped', { ...late, entryId: uuid(2) }), bob, LateRow),
    );
    expect(dropped).toContain('Late output, discarded');
    expect(dropped).not.toContain('Offer as draft');
    const released = shown((dialogue) => write(dialogue).write('output.released', { ...late, entryId: uuid(2) }), bob);
    expect(textOf(released)).not.toContain('Late output');
  });

  it('[SE16] shows what a person says as a seat in violet, with its line', () => {
    const markup = shown((dialogue) => dialogue.spokenAs('b', 'a', 'Alice, one thing', 1), bob);
    expect(textOf(markup)).toContain('Mira Okafor as Bob to Alice');
    expect(markup).toContain('seat-human');
    expect(markup).toContain(`data-out="${uuid(4001)}"`);
  });

  it('shows why a message was not delivered', () => {
    const text = textOf(
      shown((dialogue) =>
        dialogue.conveyed('a', 'b', 'Hi Bob', 1, 'sent').write('message.delivery_failed', {
          conveyanceId: uuid(1),
          outcome: 'failed',
          reason: 'Bob’s server is away',
        }),
      ),
    );
    expect(text).toContain('not delivered');
    expect(text).toContain('Bob’s server is away');
  });

  it('keeps a call on one line, and opens an error by itself', () => {
    const call = { toolCallId: 'x', name: 'web_search', arguments: '{"query":"owls"}' };
    const write = (status: 'success' | 'error') => (dialogue: DialogueBuilder) =>
      dialogue
        .seen({ seat: 'a', messageType: 'tool_call_message', toolCall: call })
        .after(2_100)
        .seen({
          seat: 'a',
          messageType: 'tool_return_message',
          toolReturn: { toolCallId: 'x', name: 'web_search', status, text: 'what came back' },
        });
    expect(textOf(shown(write('success')))).toContain('query: &quot;owls&quot;');
    expect(textOf(shown(write('success')))).not.toContain('what came back');
    expect(textOf(shown(write('error')))).toContain('failed 2.1 s');
    expect(textOf(shown(write('error')))).toContain('what came back');
  });

  it('shows what an agent wrote as words: no element of it, no hidden character', () => {
    const hostile =
      '<script>alert(1)</script> <img src=x onerror=alert(2)> [x](javascript:alert(3)) pay \u202e0001\u200b';
    const markup = shown((dialogue) =>
      dialogue
        .seen({ seat: 'a', messageType: 'assistant_message', content: hostile })
        .seen({ seat: 'a', messageType: 'reasoning_message', reasoning: hostile })
        .conveyed('a', 'b', hostile, 3, 'sent')
        .seen({
          seat: 'a',
          messageType: 'tool_call_message',
          toolCall: { toolCallId: 'y', name: hostile, arguments: hostile },
        })
        .raw('something.new', { text: hostile }, { kind: 'agent', id: alice.agentId, name: 'Alice' }),
    );
    expect(markup).not.toMatch(/<script|<img|href="javascript/i);
    expect(textOf(markup.replaceAll(/ (title|aria-label)="[^"]*"/g, ''))).toContain('U+202E');
  });

  it('says that an entry was redacted, or is not understood', () => {
    const agent = { kind: 'agent' as const, id: alice.agentId, name: 'Alice' };
    expect(textOf(shown((dialogue) => dialogue.raw('message.seen', null, agent)))).toContain('Redacted');
    expect(textOf(shown((dialogue) => dialogue.raw('memory.changed', { block: 'x' }, agent)))).toContain(
      'Not understood memory.changed',
    );
  });

  it('cuts a long text, and offers all of it', () => {
    const text = textOf(
      shown((dialogue) =>
        dialogue.seen({ seat: 'a', messageType: 'assistant_message', content: 'word '.repeat(1_000) }),
      ),
    );
    expect(text).toContain('Show all 5,000 characters');
    expect(text.length).toBeLessThan(2_000);
  });
});
