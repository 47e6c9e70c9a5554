import type { EntryType, PayloadOf } from '@/lib/protocol/entry';
import { AgentId, ConveyanceId, KeyId, PersonId, SeatId, ServerName, TurnId } from '@/lib/protocol/ids';

const [a, b] = [SeatId.parse('a'), SeatId.parse('b')];
const server = ServerName.parse('home');
const alice = AgentId.parse('agent-1f0c2c1e-0000-4000-8000-00000000000a');
const bob = AgentId.parse('agent-1f0c2c1e-0000-4000-8000-00000000000b');
const conveyanceId = ConveyanceId.parse('1f0c2c1e-0000-4000-8000-000000000001');
const turnId = TurnId.parse('1f0c2c1e-0000-4000-8000-000000000002');
const personId = PersonId.parse('ana');
const facts = {
  name: 'Alice',
  model: 'home/companion',
  blocks: [{ label: 'persona', value: 'I am Alice.' }],
  tools: [],
  tags: [],
};
const at = '2026-11-20T12:00:00.000Z';

/** One sample of every entry type. A new type does not compile until it has one; tests loop over all of them. */
export const everyEntry: { [T in EntryType]: PayloadOf<T> } = {
  'conversation.opened': {
    title: 'Alice and Bob',
    server,
    seats: [
      { id: a, agentId: alice, name: 'Alice', dialect: 'rest', threadId: null },
      { id: b, agentId: bob, name: 'Bob', dialect: 'rest', threadId: null },
    ],
    conveyance: 'tool',
    maxTurns: 50,
    edges: [
      { from: a, to: b, mode: 'pass', reviewers: 1, expirySeconds: 900, undoSeconds: 5 },
      { from: b, to: a, mode: 'pass', reviewers: 1, expirySeconds: 900, undoSeconds: 5 },
    ],
    observed: false,
    sandbox: false,
  },
  'conversation.changed': { title: 'Give them a ring' },
  'conversation.stopped': { why: 'turn_limit', reason: 'The limit of 50 turns is reached.' },
  'conversation.archived': {},
  'message.spoken': { to: a, content: 'Please call Bob.', personId, turnId, otid: 'otid-1' },
  'turn.started': { seat: a, turnId, input: 'person', otid: 'otid-1' },
  'turn.ended': {
    seat: a,
    turnId,
    runId: 'run-1',
    stopReason: 'end_turn',
    usage: { promptTokens: 100, completionTokens: 20, totalTokens: 120, steps: 1 },
    error: null,
  },
  'message.seen': {
    seat: a,
    messageId: 'message-1',
    messageType: 'assistant_message',
    content: 'I will.',
    runId: 'run-1',
    stepId: 'step-1',
    otid: null,
    senderId: null,
    senderName: null,
    date: at,
  },
  'message.sent': {
    conveyanceId,
    from: a,
    to: b,
    content: 'Hello Bob',
    mode: 'receipt',
    messageId: 'message-2',
    toolCallId: 'call-1',
    toName: 'Bob',
    toAgentId: bob,
    fromTurnId: turnId,
    turnId,
  },
  'message.received': { conveyanceId, from: a, to: b, content: 'Hello Bob', otid: 'otid-2', turnId, latencyMs: 198 },
  'message.answered': { conveyanceId, toolCallId: 'call-1', status: 'success', text: 'Successfully sent message' },
  'message.delivery_failed': { conveyanceId, outcome: 'outcome_unknown', reason: 'Letta shows no trace of it.' },
  'message.delivery_retried': { conveyanceId, turnId },
  'edge.set': { from: a, to: b, mode: 'review', reviewers: 2, expirySeconds: null, undoSeconds: 0 },
  'agent.create_requested': { server, ...facts },
  'agent.created': { agentId: alice, server, sandbox: false, ...facts },
  'agent.create_failed': { server, name: 'Alice', reason: 'No such model.' },
  'agent.changed': { agentId: alice, server, name: 'Alice' },
  'agent.removed': { agentId: alice, server, name: 'Alice' },
  'agent.gated': { agentId: alice, server, tools: ['send_message_to_agent_async'] },
  'agent.released': { agentId: alice, server, tools: ['send_message_to_agent_async'], why: 'doctor' },
  'log.created': { vkey: 'parley.example/log/00000000+533270eb+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c' },
  'checkpoint.signed': { size: 3, root: 'kebc64kTHDbGrA3otPWjTyaG9d+v1TnqAHOoyJH54P4=' },
  'payload.redacted': { seq: 2, reason: 'Asked for by the person it names.' },
  'system.started': { version: '0.1.0', instance: 'i-1' },
  'system.stopped': { instance: 'i-1' },
  'letta.connected': { server, version: '0.16.8' },
  'letta.lost': { server, reason: 'ECONNREFUSED' },
  'letta_server.added': { server, dialect: 'rest', url: 'http://127.0.0.1:8283' },
  'letta_server.changed': { server, url: 'http://127.0.0.1:8284' },
  'letta_server.removed': { server },
  'sign_in_link.made': { personId: null, expiresAt: at },
  'person.signed_in': { personId, method: 'link' },
  'person.signed_out': { personId },
  'person.invited': { invitationId: 'i-1', name: 'Ben', role: 'viewer' },
  'person.joined': { personId, name: 'Ana', role: 'admin', invitationId: null },
  'person.changed': { personId, role: 'reviewer' },
  'person.removed': { personId, name: 'Ana' },
  'person.credential_set': { personId, credential: 'password' },
  'person.credential_removed': { personId, credential: 'passkey' },
  'invitation.revoked': { invitationId: 'i-1' },
  'session.revoked': { personId },
  'key.created': {
    keyId: KeyId.parse('k-1'),
    name: 'CI',
    role: 'viewer',
    audience: 'api',
    agentIds: [],
    taskIds: [],
    expiresAt: null,
  },
  'key.revoked': { keyId: KeyId.parse('k-1'), name: 'CI' },
  'setting.changed': { setting: 'maxTurns', value: 50 },
  unknown: { source: 'letta', raw: { message_type: 'novel_message' } },
};
