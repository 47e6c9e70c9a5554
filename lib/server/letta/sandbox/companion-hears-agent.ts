import { messagingCall, nextStage, restAfter, sayAt } from './companion-conversation';
import type { Input } from './exchange';
import type { ModelReply } from './model';
import type { Scene } from './scene';

/** Another agent has written. */
export function hearAgent(scene: Scene, input: Extract<Input, { kind: 'agent' }>): ModelReply {
  if (input.senderId === scene.request.agent.id) {
    return {
      reasoning: 'This message comes from myself. Answering it would only make me talk in circles.',
      text: 'I hear my own voice, and I leave it at that.',
    };
  }
  const stage = nextStage(scene, input.senderId, input.text);
  if (input.awaited) return stage ? sayAt(scene, stage, input.text) : politeEnd(scene);
  if (!stage) return restAfter(scene, input.senderId);
  const { reasoning, text } = sayAt(scene, stage, input.text);
  const call = messagingCall(scene, input.senderId, text);
  if (call) return { reasoning, calls: [call] };
  return {
    reasoning: 'I would like to answer, but I have no tool that reaches another agent.',
    text: `If I could write back to ${input.senderId}, I would say: ${text}`,
  };
}

const politeEnd = (scene: Scene): ModelReply => ({
  reasoning: 'They are saying goodbye. A short and friendly end is best.',
  text: `Thank you, and goodbye for today. It was good to talk, and ${scene.persona.name} will remember it.`,
});
