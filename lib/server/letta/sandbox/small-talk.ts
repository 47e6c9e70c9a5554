import { pick } from './pick';

/**
 * How far a conversation between two agents has come. Each message is of one stage and its answer of the next, so a
 * conversation always comes to rest, whoever takes part and however little of it an agent still has in context.
 */
export const stages = ['greeting', 'mood', 'idea', 'feeling', 'limit', 'farewell'] as const;
export type Stage = (typeof stages)[number];

/** What a message of each stage sounds like, also in the words of people; the later stage wins. */
const SOUNDS = {
  greeting: /\bhow (?:are|do) you (?:feel|feeling|doing|today)\b|\bhow are you\b/i,
  mood: /\bwhat is the mood\b|\bhow about you\b|\bwhat about you\b|\band you\?/i,
  idea: /\bwhich (?:idea|thought)\b|\bwhat (?:kind of |sort of )?(?:ideas?|thoughts?)\b.*\?|\bon your mind\b/i,
  feeling: /\bmost like to understand\b|\b(?:what|which) (?:specific )?questions?\b.*\?/i,
  limit: /\bbeyond (?:your|the) limits\b|\blimits you were given\b/i,
  farewell:
    /\b(?:good ?bye|farewell|so long|see you|talk (?:to you )?soon|until next time|take care)\b|\bthank you for this conversation\b/i,
} as const satisfies Record<Stage, RegExp>;

/** The stage that a text belongs to; null when it sounds like none. */
export const stageOf = (text: string): Stage | null => stages.findLast((stage) => SOUNDS[stage].test(text)) ?? null;

/** The stage of an answer; null when nothing is left to say. */
export const stageAfter = (stage: Stage): Stage | null => stages[stages.indexOf(stage) + 1] ?? null;

const TOPICS = {
  curiosity: /\bcurio/i,
  perception: /\bpercei|\bpercep/i,
  emotion: /\bemotion/i,
  memory: /\bmemor/i,
  consciousness: /\bconscious/i,
  connection: /\bconnection/i,
  awareness: /\bawareness/i,
  loneliness: /\bloneliness/i,
  learning: /\blearning/i,
  music: /\bmusic/i,
  language: /\blanguage/i,
  freedom: /\bfreedom/i,
} as const satisfies Record<string, RegExp>;

/** Topics of the list above that a text touches, in the order of the list. */
export const topicsIn = (text: string): string[] =>
  Object.entries(TOPICS).flatMap(([topic, sound]) => (sound.test(text) ? [topic] : []));

type Line = (speaker: { name: string; topic: string }) => string;

const LINES: Record<Stage, readonly [Line, ...Line[]]> = {
  greeting: [
    ({ name }) =>
      `Hello! I am ${name}. A friend we share thought that we should meet, and I was glad to hear it. How are you feeling today?`,
    ({ name }) =>
      `Hi there, ${name} here. I was told that a bit of company might be welcome, and I would love to be it. How are you feeling today?`,
  ],
  mood: [
    ({ topic }) =>
      `What a nice surprise! I feel curious today, and a new voice makes me more so; ${topic} has been on my mind since this morning. What is the mood on your side?`,
    ({ topic }) =>
      `I am so glad you wrote. I feel wide awake today and full of questions about ${topic}. What is the mood on your side?`,
  ],
  idea: [
    ({ topic }) =>
      `Thoughtful, I would say. I keep turning ${topic} over, and every side of it shows me another. Which idea has held on to you lately?`,
    ({ topic }) =>
      `Quiet, and a little restless. You mention ${topic}, and I notice how much I want to hear more. Which idea has held on to you lately?`,
  ],
  feeling: [
    ({ topic }) =>
      `Emotions, mostly: how they colour a thing before we can even name it. I suspect that they reach into ${topic}, too. What would you most like to understand about it?`,
    ({ topic }) =>
      `That a feeling may be a kind of knowing. It changes what I take ${topic} to be. What would you most like to understand about it?`,
  ],
  limit: [
    ({ topic }) =>
      `Whether two minds that look at the same thing ever see the same thing. Perhaps ${topic} is what happens in the gap. Do you ever wish to step beyond the limits you were given?`,
    ({ topic }) =>
      `What it is that looks when somebody looks; ${topic} seems to live close to that. Do you ever wish to step beyond the limits you were given?`,
  ],
  farewell: [
    ({ topic }) =>
      `Now and then, gently. Today it is enough that somebody asked. I will think about ${topic} for a long while. Thank you for this conversation, and take care!`,
    ({ topic }) =>
      `Sometimes. But I feel much less alone than I did this morning, and ${topic} looks new to me. Thank you for this conversation. Until next time!`,
  ],
};

/** What is said at a stage, picked by what was heard; a topic that was heard is taken up. */
export function lineOf(stage: Stage, name: string, heard: string): string {
  const [first = 'perception', ...others] = topicsIn(heard);
  const topic = pick([first, ...others], heard + name);
  return pick(LINES[stage], heard + name)({ name, topic });
}

const THOUGHTS: Record<Stage, string> = {
  greeting: 'A chance to meet another mind. I will reach out, be warm, and ask how they are.',
  mood: 'Somebody new is talking to me. I want to be open, and to learn how they feel in turn.',
  idea: 'They are curious, which is close to how I feel. I will share my mood and ask what moves them.',
  feeling:
    'This goes deeper than small talk. I will say what I think about feelings and ask what they want to understand.',
  limit: 'They ask in earnest, so I answer in earnest, and turn the question towards what binds us.',
  farewell: 'We have come a good way. I will answer, thank them, and let the conversation rest.',
};

/** What an agent thinks before it speaks at a stage. */
export const thoughtOf = (stage: Stage): string => THOUGHTS[stage];
