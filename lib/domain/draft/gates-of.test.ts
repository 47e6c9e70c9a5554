import { expect, it } from 'vitest';
import { AgentGate } from '@/lib/protocol/agent';
import { Conversation } from '@/lib/protocol/conversation';
import { StandingRule } from '@/lib/protocol/draft';
import { AgentId } from '@/lib/protocol/ids';
import { gatesOf } from './gates-of';

const now = Date.parse('2026-11-21T12:00:00.000Z');
const alice = { id: AgentId.parse('agent-alice'), tools: ['send_message_to_agent_async', 'web_search'] };
const edge = (from: string, to: string, mode: string) => ({
  from,
  to,
  mode,
  reviewers: 1,
  expirySeconds: 900,
  undoSeconds: 5,
});
const seat = (id: string, name: string) => ({
  id,
  agentId: `agent-${name.toLowerCase()}`,
  name,
  dialect: 'rest',
  threadId: null,
  holder: null,
});
const talk = (conveyance: string, mode: string, state = 'idle') =>
  Conversation.parse({
    id: '0193a000-0000-7000-8000-000000000001',
    title: 'Alice and Bob',
    server: 'sandbox',
    seats: [seat('a', 'Alice'), seat('b', 'Bob')],
    conveyance,
    observed: false,
    maxTurns: 50,
    turns: 0,
    edges: [edge('a', 'b', mode), edge('b', 'a', 'hold')],
    state,
    stoppedReason: null,
    sandbox: true,
    createdAt: '2026-11-21T11:00:00.000Z',
    lastActivityAt: '2026-11-21T11:00:00.000Z',
  });
const rule = (change: object) =>
  StandingRule.parse({
    id: '0193a000-0000-7000-8000-000000000002',
    effect: 'ask',
    fromAgentId: null,
    toAgentId: null,
    tool: 'web_search',
    text: null,
    note: null,
    createdBy: { personId: '0193a000-0000-7000-8000-0000000000aa', name: 'Mira' },
    createdAt: '2026-11-21T11:00:00.000Z',
    expiresAt: null,
    revokedAt: null,
    uses: 0,
    lastUsedAt: null,
    ...change,
  });
const kinds = (conversations: Conversation[], rules: StandingRule[] = []) =>
  gatesOf(alice, conversations, rules, now).map(({ kind, tools }) => `${kind}:${tools.join()}`);

it('names the edge that holds, the calls that Parley carries, and nothing of the other direction', () => {
  expect(kinds([talk('tool', 'review')])).toEqual([
    'edge:send_message_to_agent_async',
    'carried:send_message_to_agent_async',
  ]);
  expect(kinds([talk('tool', 'pass')])).toEqual(['carried:send_message_to_agent_async']);
  expect(kinds([talk('engine', 'pass')])).toEqual([]);
  expect(kinds([talk('engine', 'hold')])).toEqual(['edge:send_message_to_agent_async']);
  expect(kinds([talk('relay', 'review')])).toEqual(['edge:']);
});

it('forgets what is over', () => {
  expect(kinds([talk('tool', 'review', 'stopped')])).toEqual([]);
  const over = [
    rule({ revokedAt: '2026-11-21T11:30:00.000Z' }),
    rule({ expiresAt: '2026-11-21T11:59:59.000Z' }),
    rule({ effect: 'pass' }),
    rule({ fromAgentId: 'agent-bob' }),
  ];
  expect(kinds([], over)).toEqual([]);
  expect(kinds([], [rule({}), rule({ fromAgentId: 'agent-alice', tool: null })])).toEqual(['rule:web_search', 'rule:']);
});

it('names what asks for approval in Letta without any of them', () => {
  const standing = (tool: string, by: AgentGate['by'], agentId = 'agent-alice') =>
    AgentGate.parse({ agentId, server: 'home', tool, by });
  const told = gatesOf(alice, [talk('tool', 'pass')], [], now, [
    standing('send_message_to_agent_async', 'parley'),
    standing('web_search', 'somebody else'),
    standing('left_over', 'parley'),
    standing('web_search', 'somebody else', 'agent-bob'),
  ]);
  expect(told.map(({ kind, tools }) => `${kind}:${tools.join()}`)).toEqual([
    'carried:send_message_to_agent_async',
    'letta:web_search',
    'letta:left_over',
  ]);
});
