import { messagingCall, nextStage, reportOn, restAfter, sayAt } from './companion-conversation';
import { type AnsweredCall, argumentsOf, replyIn } from './exchange';
import type { ModelReply } from './model';
import { pythonStrings } from './python-text';
import type { Scene } from './scene';

const DENIED = /^Error: request to call tool denied\. User reason: (.*)$/s;
const SENT = 'Successfully sent message';

/** The tools that were called have returned. */
export function afterReturn(scene: Scene): ModelReply {
  const last = scene.exchange.answered.at(-1);
  if (!last) return {};
  if (last.given.status === 'error') return afterFailure(last);
  switch (last.call.name) {
    case 'send_message_to_agent_async':
      return afterSending(scene, last);
    case 'send_message_to_agent_and_wait_for_reply':
      return afterReply(scene, last);
    case 'send_message_to_agents_matching_tags':
      return afterBroadcast(last);
    case 'core_memory_append':
    case 'core_memory_replace':
    case 'memory_insert':
    case 'memory_replace':
      return { text: 'I have written that down, and I will keep it in mind from now on.' };
    case 'conversation_search':
      return { text: `I looked through what we said before. This is what I found: ${last.given.text.slice(0, 600)}` };
    default:
      return { text: `Done. ${last.call.name} answered: ${last.given.text.slice(0, 600)}` };
  }
}

function afterFailure({ call, given }: AnsweredCall): ModelReply {
  const reason = DENIED.exec(given.text)?.[1];
  if (reason !== undefined) {
    return {
      reasoning: 'I was not allowed to do this. I accept it and say so.',
      text: `I was asked not to use ${call.name}${reason === 'None' ? '' : ` (“${reason}”)`}, so I leave it at that.`,
    };
  }
  return {
    reasoning: 'The tool failed. I will say plainly that it did not work.',
    text: `That did not work: ${call.name} returned “${given.text.slice(0, 300)}”.`,
  };
}

/** Between two agents the turn ends here without a word: the next thing that is said is said by the other one. */
function afterSending(scene: Scene, { given }: AnsweredCall): ModelReply {
  if (given.text !== SENT) return { text: `I had an answer right away: “${given.text}” I will go by that.` };
  if (scene.exchange.input.kind === 'agent') return {};
  return { text: 'I have written to them. When I know how they are doing, I will tell you.' };
}

function afterReply(scene: Scene, { call, given }: AnsweredCall): ModelReply {
  const { other_agent_id: otherId } = argumentsOf(call);
  const other = String(otherId);
  const heard = replyIn(given.text);
  if (heard === '<no response>') {
    return { text: `I wrote to ${other}, but no answer came back. They may be busy, or waiting for somebody.` };
  }
  const stage = nextStage(scene, other, heard);
  if (!stage) return reportOn(scene, other) ?? restAfter(scene, other);
  const { reasoning, text } = sayAt(scene, stage, heard);
  const next = messagingCall(scene, other, text);
  return next ? { reasoning, calls: [next] } : restAfter(scene, other);
}

function afterBroadcast({ given }: AnsweredCall): ModelReply {
  const answers = pythonStrings(given.text).filter((text) => text !== 'agent_id' && text !== 'response');
  const agents = answers.filter((text) => text.startsWith('agent-'));
  if (agents.length === 0) return { text: 'Nobody carries those tags, so my message went to no one.' };
  const words = answers.filter((text) => !text.startsWith('agent-')).map((text) => `“${text}”`);
  return { text: `I asked ${agents.length} of them, and this is what came back: ${words.join(' ')}` };
}
