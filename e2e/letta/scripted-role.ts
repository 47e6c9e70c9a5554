import type { Move } from '@/lib/server/letta/gateway-contract-target';

/**
 * `contextTokens`: how many tokens the request took, as the model reports it; much makes the agent compact its context.
 * `thinkMs`: how long it is silent first. `after`: it is silent until then. `slowly`: a call, too, is written piece by
 * piece. `quotes`: what is said ends with what the last tool returned, as the model reads it.
 */
export type ScriptedMove = Move & {
  contextTokens?: number;
  thinkMs?: number;
  after?: Promise<void>;
  slowly?: boolean;
  quotes?: boolean;
};

/** Somebody whom the scripted model plays, without a script being named in what is said to them. */
export type ScriptedRole = {
  /** Whoever has these words in the instructions. */
  persona: string;
  /** What they do, one move a step, when a person or another agent says `words`; null where the words mean nothing to them. */
  answer(words: string): ScriptedMove[] | null;
};

/** A message of a request to the model, as text. */
export type Heard = { role: string; text: string };

/** Who is asked for by a request: whoever its instructions, which come first, describe. */
export const findRole = (roles: readonly ScriptedRole[], [instructions]: readonly Heard[]): ScriptedRole | undefined =>
  roles.find(({ persona }) => instructions?.text.includes(persona));

/** Whether the message was said to the agent, and is neither its instructions nor its own. */
export const isSaidTo = ({ role }: Heard, index: number): boolean => index > 0 && !['assistant', 'tool'].includes(role);
