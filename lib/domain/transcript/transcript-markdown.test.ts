import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DialogueBuilder } from './dialogue-builder';
import { markdownEntry } from './transcript-markdown';

const entryOf = (content: string) => {
  const [entry] = new DialogueBuilder().seen({ seat: 'a', messageType: 'assistant_message', content }).entries;
  if (!entry) throw new Error('no entry');
  return entry;
};

/** The block of code with which an entry ends, by the rules of CommonMark; null where something comes after it. */
function lastCode(markdown: string): string | null {
  const lines = markdown.replace(/\n$/, '').split('\n');
  const begin = lines.findIndex((line) => /^`{3,}text$/.test(line));
  const length = (lines[begin] ?? '').length - 'text'.length;
  const isEnd = (line: string) => /^ {0,3}`+\s*$/.test(line) && line.trim().length >= length;
  const end = lines.findIndex((line, at) => at > begin && isEnd(line));
  return begin > 0 && end === lines.length - 1 ? lines.slice(begin + 1, end).join('\n') : null;
}

describe('[CV52] what is taken along as Markdown is text, and no markup of it', () => {
  test('[CV52] whatever an agent writes stays within its fence', () => {
    const marks = ['`', '```', '~~~', '\n', '\r', '# x', '<b>', '![a](b)', ' ', 'x'];
    const hostile = fc.string({ unit: fc.constantFrom(...marks), minLength: 1 });
    fc.assert(
      fc.property(hostile, (content) => {
        expect(lastCode(markdownEntry(entryOf(content)))).toBe(content.replace(/\r\n?/g, '\n'));
      }),
    );
  });

  test('[CV52] what hides or reorders text is shown as what it is', () => {
    const text = markdownEntry(entryOf('a\u0000b\u202ec\u200bd'));
    expect(text).toContain('a\u2400b\\u{202e}c\\u{200b}d');
  });

  test('[CV52] a name is one line without markup', () => {
    const entry = { ...entryOf('x'), actor: { kind: 'agent' as const, id: 'x', name: '# [a](javascript:x)\n<b>' } };
    const heading = '### \\# \\[a\\](javascript\\:x) \\<b\\> (a): assistant message';
    expect(markdownEntry(entry)).toContain(`\n${heading}\n`);
  });
});
