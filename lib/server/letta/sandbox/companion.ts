import { afterReturn } from './companion-after-return';
import { hearAgent } from './companion-hears-agent';
import { hearPerson } from './companion-hears-person';
import { readExchange } from './exchange';
import type { Model } from './model';
import { readPersona } from './persona';
import type { Scene } from './scene';

/**
 * The simulated model `sandbox/companion`: a script that follows the persona block and the text heard, never ids or
 * names of its own. It answers a person, calls an agent whose id it is given, keeps a short conversation going until it
 * comes to rest, reports to whoever asked for it, remembers what it is told to, and uses tools that it is asked to use.
 * The same context always gets the same reply.
 */
export const companion: Model = (request) => {
  const personaBlock = request.blocks.find((block) => block.label === 'persona');
  const scene: Scene = {
    request,
    exchange: readExchange(request.context),
    persona: readPersona(personaBlock?.value ?? '', request.agent.name),
    tools: new Set(request.tools.map((tool) => tool.name)),
  };
  if (scene.exchange.answered.length > 0) return afterReturn(scene);
  return scene.exchange.input.kind === 'agent' ? hearAgent(scene, scene.exchange.input) : hearPerson(scene);
};
