import { AgentId, ConversationId, ConveyanceId, PersonId, SeatId, ServerName, TurnId } from '@/lib/protocol/ids';
import type { Directory } from './carry-message';
import type {
  ConversationDecision,
  ConversationFact,
  ConversationState,
  ConveyanceState,
  Ids,
  SeatState,
  TurnState,
} from './conversation-state';
import type { TurnEnd } from './decide-turn';

// States of a conversation for tests, above all of one in which a person sits, or may sit, in an agent's place.

export const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const ids = (): Ids => {
  let next = 100;
  return { next: () => uuid(next++) };
};
export const server = ServerName.parse('home');
export const [alice, bob, carol] = ['agent-a', 'agent-b', 'agent-c'].map((id) => AgentId.parse(id)) as [
  AgentId,
  AgentId,
  AgentId,
];
export const [a, b, c] = ['a', 'b', 'c'].map((id) => SeatId.parse(id)) as [SeatId, SeatId, SeatId];
export const ana = { personId: PersonId.parse('ana'), name: 'Ana' };
export const ben = { personId: PersonId.parse('ben'), name: 'Ben' };
export const until = '2026-11-21T12:00:00.000Z';
export const lease = { until: new Date(until), reason: null, latencies: new Map([[uuid(7), 812.4]]) };
export const nobody: Directory = { agents: new Map(), tagged: () => [] };
export const async_ = (to: AgentId, toolCallId = 'call-1') => ({
  toolCallId,
  name: 'send_message_to_agent_async',
  arguments: JSON.stringify({ message: 'Hello', other_agent_id: to }),
});

export const seat = (id: SeatId, agentId: AgentId, name: string, more: Partial<SeatState> = {}): SeatState => ({
  id,
  agentId,
  name,
  threadId: null,
  pending: null,
  holder: null,
  ...more,
});
export const held = (more: Partial<SeatState> = {}) => seat(b, bob, 'Bob', { holder: { ...ana, until }, ...more });
export const conversation = (more: Partial<ConversationState> = {}): ConversationState => ({
  id: ConversationId.parse(uuid(1)),
  streamSeq: 1,
  title: 'Alice and Bob',
  server,
  conveyance: 'tool',
  phase: 'open',
  turns: 0,
  maxTurns: 50,
  seats: [seat(a, alice, 'Alice'), seat(b, bob, 'Bob')],
  openTurns: [],
  openConveyances: [],
  refusals: [],
  edges: [],
  drafts: [],
  rules: [],
  inboxSeq: 0,
  quarantine: [],
  ...more,
});
export const conveyance = (more: Partial<ConveyanceState> = {}): ConveyanceState => ({
  id: ConveyanceId.parse(uuid(7)),
  from: a,
  fromTurnId: TurnId.parse(uuid(2)),
  to: b,
  toAgentId: bob,
  toName: 'Bob',
  messageId: 'message-1',
  toolCallId: 'call-1',
  mode: 'reply',
  content: 'Hello',
  state: 'received',
  turnId: TurnId.parse(uuid(3)),
  answer: null,
  draftId: null,
  edited: null,
  isWithPerson: true,
  ...more,
});
export const turn = (more: Partial<TurnState> = {}): TurnState => ({
  id: TurnId.parse(uuid(3)),
  rootId: TurnId.parse(uuid(3)),
  seat: b,
  thread: { server, agentId: bob, threadId: null },
  state: 'queued',
  input: {
    kind: 'agent',
    text: 'Hello',
    otid: 'otid-1',
    senderId: alice,
    senderName: 'Alice',
    conveyanceId: ConveyanceId.parse(uuid(7)),
  },
  runId: null,
  isAccepted: false,
  ...more,
});
export const end = (more: Partial<TurnEnd> = {}): TurnEnd => ({
  runId: 'run-1',
  stopReason: 'end_turn',
  usage: null,
  error: null,
  pending: null,
  said: [],
  spoken: [],
  isNotSent: false,
  isUnknown: false,
  ...more,
});
export const aliceAsks = seat(a, alice, 'Alice', {
  pending: { messageId: 'message-1', calls: [{ ...async_(bob), name: 'send_message_to_agent_and_wait_for_reply' }] },
});
/** Alice waits for the seat in which Ana sits in Bob's place. */
export const asked = conversation({ seats: [aliceAsks, held()], openConveyances: [conveyance()] });

export const made = (decision: ConversationDecision) => {
  if (!decision.ok) throw new Error(decision.message);
  return decision;
};
export const types = (facts: readonly ConversationFact[]) => facts.map(({ type }) => type);
