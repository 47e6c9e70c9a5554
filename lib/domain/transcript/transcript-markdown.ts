import type { Conversation } from '@/lib/protocol/conversation';
import type { WireEntry } from '@/lib/protocol/entry';
import { toldBy } from './told-by';

/** Characters that hide, reorder or end text: shown as what they are. Line breaks and tabs stay. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;
const shown = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replace(HIDDEN, (character) => {
    if (character === '\n' || character === '\t') return character;
    const code = character.codePointAt(0) ?? 0;
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : `\\u{${code.toString(16)}}`;
  });

/** One line of Markdown in which nothing of the text is markup. */
const inline = (text: string): string =>
  shown(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]()#+\-.!|<>&~:@]/g, (mark) => `\\${mark}`);

/** Text as it is: a fence that is longer than any in it lets nothing out. */
function fenced(text: string): string {
  const ticks = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(3, ...ticks.map((length) => length + 1)));
  return `${fence}text\n${shown(text)}\n${fence}\n`;
}

/** The beginning of a conversation's transcript in Markdown. */
export function markdownHead({ id, title, server, seats, conveyance, createdAt }: Conversation): string {
  const facts = [
    `Conversation ${inline(id)}, opened ${inline(createdAt)}`,
    `Letta server ${inline(server)}, conveyance ${conveyance}`,
    ...seats.map((seat) => `Seat ${seat.id}: ${inline(seat.name)} \\(${inline(seat.agentId)}\\)`),
  ];
  return `# ${inline(title)}\n\n${facts.map((fact) => `- ${fact}`).join('\n')}\n`;
}

/** One entry in Markdown. What agents and people wrote stands in it as text, and can be no markup. */
export function markdownEntry(entry: WireEntry): string {
  const { seat, what, texts } = toldBy(entry);
  const who = `${inline(entry.actor.name)}${seat === null ? '' : ` \\(${seat}\\)`}`;
  const head = `\n### ${who}: ${inline(what)}\n\n${inline(entry.occurredAt)} · \\#${entry.seq}\n`;
  return head + texts.map(({ name, text }) => `\n${inline(name)}\n\n${fenced(text)}`).join('');
}
