/** What the script takes from an agent's persona block. */
export type Persona = { name: string; trait: string; about: string; sayings: string[] };

const NAMED = /\b(?:I am|I'm|I’m|My name is|You are|Your name is|This is)\s+((?:[A-Z][\w-]*)(?:\s[A-Z][\w-]*)?)/;
const SAYING = /[“"]([^”"]{12,200})[”"]/g;
const TRAITS = ['curious', 'empathetic', 'perceptive', 'skeptical', 'cheerful', 'careful', 'precise', 'brave', 'calm'];

/** Reads name, character, the first two sentences and ways of speaking; an empty persona gives the agent's own name and a plain character. */
export function readPersona(block: string, agentName: string): Persona {
  const trait = TRAITS.find((word) => block.toLowerCase().includes(word)) ?? 'attentive';
  const sayings = [...block.matchAll(SAYING)].map((match) => match[1] ?? '');
  const about = block
    .split(/(?<=[.!?])\s+/)
    .slice(0, 2)
    .join(' ')
    .trim();
  return { name: NAMED.exec(block)?.[1] ?? agentName, trait, about, sayings };
}
