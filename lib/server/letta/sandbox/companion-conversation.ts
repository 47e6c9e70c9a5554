import type { ModelCall, ModelReply } from './model';
import type { Scene } from './scene';
import { lineOf, type Stage, stageAfter, stageOf, stages, thoughtOf, topicsIn } from './small-talk';

const CALLS_MAX = 3;

/** Lines of the present conversation with one agent: what came after a person last asked for it. */
function linesWith(scene: Scene, otherId: string) {
  const { lines, persons } = scene.exchange;
  const asked = persons.findLast((person) => person.text.includes(otherId));
  const own = lines.filter((line) => line.otherId === otherId && line.position > (asked?.position ?? -1));
  const opening = own.findLastIndex((line) => line.direction === 'heard' && stageOf(line.text) === 'greeting');
  return { asked: asked !== undefined, lines: own.slice(Math.max(opening, 0)) };
}

/** The stage of what is said next to an agent; null when the conversation has come to rest. */
export function nextStage(scene: Scene, otherId: string, heard: string): Stage | null {
  const { lines } = linesWith(scene, otherId);
  if (lines.filter((line) => line.direction === 'sent').length >= CALLS_MAX) return null;
  const counted = stages[Math.min(Math.max(lines.length, 1), stages.length) - 1] ?? 'farewell';
  return stageAfter(stageOf(heard) ?? counted);
}

/** The call that sends `message`: without waiting where that tool is there; null when there is none. */
export function messagingCall(scene: Scene, otherId: string, message: string): ModelCall | null {
  const name = ['send_message_to_agent_async', 'send_message_to_agent_and_wait_for_reply'].find((tool) =>
    scene.tools.has(tool),
  );
  return name ? { name, arguments: { message, other_agent_id: otherId } } : null;
}

/** What the agent says at a stage, as text for itself or for a call. */
export const sayAt = (scene: Scene, stage: Stage, heard: string): { reasoning: string; text: string } => ({
  reasoning: thoughtOf(stage),
  text: lineOf(stage, scene.persona.name, heard),
});

const sentenceAbout = (text: string, word: RegExp): string | null =>
  text.split(/(?<=[.!?])\s+/).find((sentence) => word.test(sentence)) ?? null;

/** How the other agent is doing, told to the person who asked; null when nobody did or nothing was heard. */
export function reportOn(scene: Scene, otherId: string): ModelReply | null {
  const { asked, lines } = linesWith(scene, otherId);
  const heard = lines.filter((line) => line.direction === 'heard').map((line) => line.text);
  if (!asked || heard.length === 0) return null;
  const all = heard.join('\n');
  const feeling = sentenceAbout(all, /\bfeel/i) ?? heard[0];
  const topics = topicsIn(all).slice(0, 3);
  const about = topics.length > 0 ? ` We came to speak of ${topics.join(', ').replace(/, (?=[^,]*$)/, ' and ')}.` : '';
  const count = heard.length === 1 ? 'one message' : `${heard.length} messages`;
  return {
    reasoning: 'We have talked for a while, and I was asked to say how they are. Time to tell my human.',
    text: `I reached your friend, and it was a lovely conversation; I have had ${count} from them. In their own words: “${feeling}”${about} They do not sound lonely to me at all, rather awake and glad of the company.`,
  };
}

/** How a conversation ends on this side, without another call. */
export function restAfter(scene: Scene, otherId: string): ModelReply {
  return (
    reportOn(scene, otherId) ?? {
      reasoning: 'Everything has been said for today. I will let it rest instead of talking for the sake of talking.',
      text: 'That was a good conversation. I will keep it with me, and I am here when they want to go on.',
    }
  );
}
