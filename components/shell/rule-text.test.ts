import { expect, it } from 'vitest';
import { StandingRule } from '@/lib/protocol/draft';
import { ruleText } from './rule-text';

const rule = StandingRule.parse({
  id: '0193a000-0000-7000-8000-000000000002',
  effect: 'ask',
  fromAgentId: 'agent-bob',
  toAgentId: null,
  tool: 'send_email',
  text: '*refund*',
  note: null,
  createdBy: { personId: '0193a000-0000-7000-8000-0000000000aa', name: 'Mira' },
  createdAt: '2026-11-21T11:00:00.000Z',
  expiresAt: null,
  revokedAt: null,
  uses: 0,
  lastUsedAt: null,
});

it('says what a rule does and to what', () => {
  const names = (id: string) => (id === 'agent-bob' ? 'Bob' : id);
  expect(ruleText(rule, names)).toBe(
    'Always asks about messages and calls from Bob, by send_email, that match “*refund*”',
  );
  expect(ruleText({ ...rule, effect: 'pass', fromAgentId: null, text: null }, names)).toBe(
    'Always passes messages and calls by send_email',
  );
  expect(ruleText(StandingRule.parse({ ...rule, toAgentId: 'agent-alice', tool: null }), names)).toBe(
    'Always asks about messages and calls from Bob to agent-alice, that match “*refund*”',
  );
});
