import type { StandingRule } from '@/lib/protocol/draft';

/** A standing rule as one sentence: `Always asks about messages from Bob to Alice, by send_email, that match “*refund*”`. */
export function ruleText(rule: StandingRule, names: (agentId: string) => string): string {
  const parts = [
    rule.fromAgentId !== null && `from ${names(rule.fromAgentId)}`,
    rule.toAgentId !== null && `to ${names(rule.toAgentId)}`,
    rule.tool !== null && `by ${rule.tool}`,
    rule.text !== null && `that match “${rule.text}”`,
  ].filter((part) => part !== false);
  return `${rule.effect === 'pass' ? 'Always passes' : 'Always asks about'} messages and calls ${parts.join(', ')}`;
}
