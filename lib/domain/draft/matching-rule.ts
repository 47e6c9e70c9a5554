import type { AgentId } from '@/lib/protocol/ids';
import type { RuleState } from './draft-state';

/** What a standing rule looks at. */
export type Likeness = { fromAgentId: AgentId; toAgentId: AgentId | null; tool: string | null; content: string };

/** The rule that speaks of this, or null. Where rules disagree, the one that asks is heard. */
export function matchingRule(rules: readonly RuleState[], likeness: Likeness): RuleState | null {
  const matching = rules.filter((rule) => isLike(rule, likeness));
  return matching.find(({ effect }) => effect === 'ask') ?? matching[0] ?? null;
}

const isLike = (rule: RuleState, { fromAgentId, toAgentId, tool, content }: Likeness): boolean =>
  (rule.fromAgentId === null || rule.fromAgentId === fromAgentId) &&
  (rule.toAgentId === null || rule.toAgentId === toAgentId) &&
  (rule.tool === null || rule.tool === tool) &&
  (rule.text === null || containsPattern(content, rule.text));

/**
 * Whether `pattern` is found in `text`: `*` stands for any characters, everything else for itself, without regard to case
 * or to how a letter is put together. Each piece is looked for once, from where the one before it ended: no text makes
 * this slow.
 */
export function containsPattern(text: string, pattern: string): boolean {
  const content = folded(text);
  let from = 0;
  for (const piece of folded(pattern).split('*')) {
    const at = content.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return true;
}

/** Upper case, for lower case keeps apart what one reads as the same: ς and σ, ß and ss. */
const folded = (text: string): string => text.toUpperCase().normalize('NFC');
