import type { StandingRule } from '@/lib/protocol/draft';

/**
 * A standing rule as one sentence:
 * `Always asks about messages and calls from Bob to Alice, by send_email, that match “*refund*”`.
 */
export function ruleText(rule: StandingRule, names: (agentId: string) => string): string {
  const route = [
    rule.fromAgentId !== null && `from ${names(rule.fromAgentId)}`,
    rule.toAgentId !== null && `to ${names(rule.toAgentId)}`,
  ];
  const parts = [
    route.filter(Boolean).join(' '),
    rule.tool !== null && `by ${rule.tool}`,
    rule.text !== null && `that match “${rule.text}”`,
  ];
  const effect = rule.effect === 'pass' ? 'Always passes' : 'Always asks about';
  return `${effect} messages and calls ${parts.filter(Boolean).join(', ')}`.trim();
}
