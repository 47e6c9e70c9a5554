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

const oneLine = (text: string): string => shown(text).replace(/\s+/g, ' ');

/** Words within a line of Markdown: nothing of them is markup, or an address that readers make a link of. */
const inline = (text: string): string => oneLine(text).replace(/[\\`*_[\]#.!|<>&~:@]/g, (mark) => `\\${mark}`);

/** So many backticks that none in the text ends what they begin. */
function fenceOf(text: string, atLeast: number): string {
  const ticks = [...text.matchAll(/`+/g)].map(([run]) => run.length + 1);
  return '`'.repeat(Math.max(atLeast, ...ticks));
}

/** An identifier or a time within a line, to the letter. */
function code(text: string): string {
  const fence = fenceOf(text, 1);
  const room = fence.length > 1 ? ' ' : '';
  return `${fence}${room}${oneLine(text)}${room}${fence}`;
}

/** Text as it is, in a block that it cannot end. */
function fenced(text: string): string {
  const fence = fenceOf(text, 3);
  return `${fence}text\n${shown(text)}\n${fence}\n`;
}

/** The beginning of a conversation's transcript in Markdown. */
export function markdownHead({ id, title, server, seats, conveyance, createdAt }: Conversation): string {
  const facts = [
    `Conversation ${code(id)}, opened ${code(createdAt)}`,
    `Letta server ${inline(server)}, conveyance ${conveyance}`,
    ...seats.map((seat) => `Seat ${seat.id}: ${inline(seat.name)}, agent ${code(seat.agentId)}`),
  ];
  return `# ${inline(title)}\n\n${facts.map((fact) => `- ${fact}`).join('\n')}\n`;
}

/** One entry in Markdown. What agents and people wrote stands in it as text, and can be no markup. */
export function markdownEntry(entry: WireEntry): string {
  const { seat, what, texts } = toldBy(entry);
  const who = `${inline(entry.actor.name)}${seat === null ? '' : ` (${seat})`}`;
  const head = `\n### ${who}: ${inline(what)}\n\n${code(entry.occurredAt)} · entry ${entry.seq}\n`;
  return head + texts.map(({ name, text }) => `\n${inline(name)}\n\n${fenced(text)}`).join('');
}
