import { messagingCall, reportOn, sayAt } from './companion-conversation';
import { agentIdsIn } from './letta-id';
import type { ModelCall, ModelReply } from './model';
import { pick } from './pick';
import { requestedToolCall } from './requested-tool-call';
import type { Scene } from './scene';
import { stageOf, topicsIn } from './small-talk';

const QUOTED = /[“"]([^”"]{1,4000})[”"]/;
const TELL = /\b(?:tell|let)\b.{0,80}?\bthat\b\s+(.{3,})$/is;
const ASK = /\bask\b.{0,80}?\b(?:whether|if)\b\s+(.{3,})$/is;
const REACH =
  /\b(?:call|ring|message|contact|reach|talk|chat|speak|write|tell|ask|say|send|greet|ping|meet|introduce)\b/i;
const PRIMING =
  /\b(?:connect|introduce|reach(?:ing)? out|get in touch|hear from|contact you|write to you|message you)\b/i;
const REMEMBER = /\b(?:remember|keep in mind|don'?t forget|note|write down)\b[,:]?\s+(?:that\s+)?(.{3,})$/is;
const RECALL =
  /\b(?:do you (?:still )?remember|what did (?:i|we) (?:say|talk)|search (?:our|your|the) (?:conversation|history|memory))\b(.*)$/is;
const TAGGED = /\b(?:all|every|any)\b.{0,40}?\btag(?:ged|s)?\b[^\w“"]*[“"]?([\w-]+)/i;

type Rule = (scene: Scene, text: string) => ModelReply | null;

/** A person has spoken; the first rule that has something to say answers. */
export function hearPerson(scene: Scene): ModelReply {
  const { text } = scene.exchange.input;
  for (const rule of [
    keepAlive,
    heedTask,
    reachOut,
    broadcast,
    recall,
    remember,
    useTool,
    beIntroduced,
    giveNews,
    introduce,
    bidFarewell,
  ]) {
    const reply = rule(scene, text);
    if (reply) return reply;
  }
  return answer(scene, text);
}

const keepAlive: Rule = (_, text) =>
  text.startsWith('<system-alert>') ? { text: 'I am here, and there is nothing left to go on with.' } : null;

/** Parley tells the principal of a task what is new: agents of the sandbox let it go on, and accept what is done. */
const heedTask: Rule = (_, text) => {
  if (!text.startsWith('News of the task “')) return null;
  return text.includes('\nAnswer ACCEPT to accept')
    ? {
        reasoning: 'The work is done, and there is evidence for it.',
        text: 'ACCEPT. Thank you, that is what I wanted.',
      }
    : { reasoning: 'It goes well. There is nothing that I want done otherwise.', text: 'OK' };
};

function wordsToPass(text: string): string | null {
  const quoted = QUOTED.exec(text)?.[1];
  if (quoted) return quoted;
  const told = TELL.exec(text)?.[1]?.trim();
  if (told) return `I am asked to tell you that ${told}`;
  const asked = ASK.exec(text)?.[1]?.trim();
  return asked ? `I am asked to find out whether ${asked}` : null;
}

const reachOut: Rule = (scene, text) => {
  const otherId = agentIdsIn(text).find((id) => id !== scene.request.agent.id);
  if (!otherId || !REACH.test(text)) return null;
  const words = /lonely|how they|how (?:he|she|it) is/i.test(text)
    ? null
    : wordsToPass(text.replaceAll(otherId, 'them'));
  const greeting = sayAt(scene, 'greeting', text);
  const call = messagingCall(scene, otherId, words ?? greeting.text);
  if (!call) {
    return {
      text: `I would gladly reach ${otherId}, but I have no tool to write to another agent. Could you attach one?`,
    };
  }
  return {
    reasoning: words ? 'I was asked to pass something on. I will do that first.' : greeting.reasoning,
    calls: [call],
  };
};

const broadcast: Rule = (scene, text) => {
  const tag = TAGGED.exec(text)?.[1];
  if (!tag || !scene.tools.has('send_message_to_agents_matching_tags')) return null;
  const message = wordsToPass(text) ?? sayAt(scene, 'greeting', text).text;
  return {
    reasoning: 'This goes to everybody who carries the tag.',
    calls: [{ name: 'send_message_to_agents_matching_tags', arguments: { message, match_all: [tag], match_some: [] } }],
  };
};

const recall: Rule = (scene, text) => {
  const query = RECALL.exec(text)?.[1]?.replace(/^\W*(?:about|for)?\W*|\W+$/g, '');
  if (query === undefined || !scene.tools.has('conversation_search')) return null;
  return {
    reasoning: 'I should look that up rather than guess.',
    calls: [{ name: 'conversation_search', arguments: { query: query || text } }],
  };
};

function memoryCall(scene: Scene, content: string): ModelCall | null {
  const labels = scene.request.blocks.map((block) => block.label);
  const label = labels.find((name) => name === 'human') ?? labels.find((name) => name !== 'persona') ?? labels[0];
  if (!label) return null;
  if (scene.tools.has('core_memory_append')) return { name: 'core_memory_append', arguments: { label, content } };
  if (scene.tools.has('memory_insert')) return { name: 'memory_insert', arguments: { label, new_string: content } };
  return null;
}

const remember: Rule = (scene, text) => {
  const matter = REMEMBER.exec(text)?.[1]?.trim() ?? /\bmy name is [\p{L}' -]+/iu.exec(text)?.[0];
  if (!matter) return null;
  const call = memoryCall(scene, `My human told me: ${matter}`);
  if (!call) return { text: 'I will try to keep that in mind, though I have no memory that I can write to.' };
  return { reasoning: 'This is worth keeping. I will write it into my memory.', calls: [call] };
};

const useTool: Rule = (scene, text) => {
  const call = requestedToolCall(scene.request.tools, text);
  return call ? { reasoning: `I am asked for something that ${call.name} does.`, calls: [call] } : null;
};

const beIntroduced: Rule = (_, text) =>
  PRIMING.test(text)
    ? {
        reasoning: 'My human is about to introduce me to somebody. I am happy about that and will say so.',
        text: pick(
          [
            'How lovely! I look forward to meeting your friend, and I will be here when they write. Thank you for bringing us together.',
            'That sounds wonderful, thank you for thinking of me! I will keep an ear open and greet them warmly when they reach out.',
          ],
          text,
        ),
      }
    : null;

const giveNews: Rule = (scene, text) => {
  const other = scene.exchange.lines.findLast((line) => line.direction === 'heard');
  if (!other || !/\bhow (?:is|are|was|were|did)\b.*\b(?:they|he|she|it|friend|conversation|other)\b/i.test(text))
    return null;
  return reportOn(scene, other.otherId);
};

const introduce: Rule = ({ persona }, text) =>
  /\bwho are you\b|\babout yourself\b|\byour name\b/i.test(text)
    ? { reasoning: 'They want to know who I am.', text: `${persona.about || `I am ${persona.name}.`} And who are you?` }
    : null;

const bidFarewell: Rule = (scene, text) =>
  stageOf(text) === 'farewell'
    ? { text: `Goodbye for now, and thank you for the company. ${scene.persona.name} will be here.` }
    : null;

/** Nothing in particular was asked: the agent answers in character and hands the word back. */
function answer(scene: Scene, text: string): ModelReply {
  const { name, trait, sayings } = scene.persona;
  const [first, ...others] = sayings;
  const saying = first ? ` ${pick([first, ...others], text)}` : '';
  const topic = topicsIn(text)[0] ?? subjectOf(text);
  const about = topic ? `You bring up ${topic}, and that makes me ${trait}.` : `I am ${name}, and I am listening.`;
  const question = pick(
    ['What made you think of it?', 'What would you like to come of it?', 'Where would you begin?'],
    text,
  );
  return {
    reasoning: 'No tool is needed for this. I will answer in my own way and ask a question back.',
    text: `${about}${saying} ${question}`,
  };
}

const PLAIN =
  /^(?:about|after|again|could|doing|hello|little|might|please|really|should|something|there|thing|think|today|which|while|would)$/i;

/** What a text seems to be about: what follows "about", or else its longest word that says something. */
function subjectOf(text: string): string | null {
  const named = /\babout\s+((?:the|a|an|my|our)\s+)?([\p{L}-]{3,})/iu.exec(text);
  if (named) return `${named[1] ?? ''}${named[2]}`;
  const words = (text.match(/[\p{L}-]{5,}/gu) ?? []).filter((word) => !PLAIN.test(word));
  return words.toSorted((one, other) => other.length - one.length)[0] ?? null;
}
