import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConversationFact, ConversationState, SeatState } from '@/lib/domain/conversation/conversation-state';
import { withAnswers } from '@/lib/domain/conversation/with-answers';
import { type GiveVerdict, type VerdictKind, verdictKinds } from '@/lib/protocol/draft';
import {
  AgentId,
  ConversationId,
  ConveyanceId,
  DraftId,
  PersonId,
  RuleId,
  SeatId,
  ServerName,
  TurnId,
} from '@/lib/protocol/ids';
import { type DraftEvent, decideDraft } from './decide-draft';
import { decideUndo, decideVerdict } from './decide-verdict';
import type { DraftState, RuleState } from './draft-state';
import { findHold } from './find-hold';
import { followDrafts } from './follow-drafts';
import { containsPattern, matchingRule } from './matching-rule';

const uuid = (n: number) => `1f0c2c1e-0000-4000-8000-${String(n).padStart(12, '0')}`;
const ids = () => {
  let at = 100;
  return { next: () => uuid(++at) };
};
const server = ServerName.parse('home');
const [a, b] = [SeatId.parse('a'), SeatId.parse('b')];
const [alice, bob] = [AgentId.parse('agent-a'), AgentId.parse('agent-b')];
const conveyanceId = ConveyanceId.parse(uuid(7));
const draftId = DraftId.parse(uuid(9));
const call = { toolCallId: 'call-1', name: 'send_message_to_agent_async', arguments: '{}' };
const hash = 'c'.repeat(64);

const seat = (id: SeatId): SeatState => ({
  id,
  agentId: id === a ? alice : bob,
  name: id === a ? 'Alice' : 'Bob',
  threadId: null,
  pending: id === a ? { messageId: 'message-1', calls: [call] } : null,
  holder: null,
});

const draft = (more: Partial<DraftState> = {}): DraftState => ({
  id: draftId,
  kind: 'message',
  conversationId: ConversationId.parse(uuid(1)),
  conveyanceId,
  server,
  threadId: null,
  from: { seat: a, agentId: alice, name: 'Alice' },
  to: { seat: b, agentId: bob, name: 'Bob' },
  content: 'Hello',
  contentHash: hash,
  messageId: 'message-1',
  fromTurnId: null,
  runId: null,
  toolCall: call,
  allowed: verdictKinds,
  reviewers: 1,
  undoSeconds: 0,
  status: 'pending',
  verdicts: [],
  dispatch: null,
  ...more,
});

const talk = (mine: DraftState, more: Partial<ConversationState> = {}): ConversationState => ({
  id: ConversationId.parse(uuid(1)),
  streamSeq: 1,
  title: 'Alice and Bob',
  server,
  conveyance: 'tool',
  phase: 'open',
  turns: 1,
  maxTurns: 50,
  seats: [seat(a), seat(b)],
  openTurns: [],
  openConveyances: [
    {
      id: conveyanceId,
      from: a,
      fromTurnId: TurnId.parse(uuid(2)),
      to: b,
      toAgentId: bob,
      toName: 'Bob',
      messageId: 'message-1',
      toolCallId: 'call-1',
      mode: 'receipt',
      content: 'Hello',
      state: 'parked',
      turnId: null,
      answer: null,
      isWithPerson: false,
      draftId,
      edited: null,
    },
  ],
  refusals: [],
  edges: [],
  drafts: [mine],
  rules: [],
  inboxSeq: 1,
  quarantine: [],
  ...more,
});

const ana = { personId: PersonId.parse('ana'), name: 'Ana' };
const ben = { personId: PersonId.parse('ben'), name: 'Ben' };
const given = (verdict: VerdictKind): GiveVerdict => ({
  verdict,
  contentHash: hash,
  ...(verdict === 'edit' || verdict === 'respond' ? { content: 'Better' } : {}),
});
const verdictBy = (verdict: VerdictKind, by = ana): DraftEvent => ({ kind: 'verdict', given: given(verdict), by });

/** What the projection makes of one draft's facts. */
function apply(state: DraftState, facts: readonly ConversationFact[]): DraftState {
  let now = state;
  for (const fact of facts) now = step(now, fact);
  return now;
}

function step(now: DraftState, { type, payload }: ConversationFact): DraftState {
  switch (type) {
    case 'draft.approved':
    case 'draft.edited':
    case 'draft.responded':
    case 'draft.rejected':
    case 'draft.ignored': {
      const status = type.slice('draft.'.length) as 'approved';
      const undoable = payload.isFinal && payload.undoSeconds > 0 ? ('undoable' as const) : null;
      const verdicts = [...now.verdicts, { ...ana, verdict: 'approve' as const }];
      return payload.isFinal ? { ...now, status, verdicts, dispatch: undoable } : { ...now, verdicts };
    }
    case 'draft.undone':
      return { ...now, status: 'pending', verdicts: [], dispatch: null };
    case 'draft.expired':
      return { ...now, status: 'expired' };
    case 'draft.withdrawn':
      return { ...now, status: 'withdrawn', dispatch: null };
    case 'draft.dispatched':
      return { ...now, dispatch: 'dispatching' };
    default:
      return now;
  }
}

const events = fc.oneof(
  fc.record({
    kind: fc.constant('verdict' as const),
    given: fc.constantFrom(...verdictKinds).map(given),
    by: fc.constantFrom(ana, ben),
  }),
  fc.record({ kind: fc.constantFrom('undo' as const, 'expire' as const, 'dispatch' as const, 'retry' as const) }),
);

describe('a draft’s life', () => {
  test('[DR7] whatever happens in whatever order, it takes its way at most once, and after that nothing changes it', () => {
    fc.assert(
      fc.property(
        fc.array(events, { maxLength: 12 }),
        fc.constantFrom(1, 2),
        fc.constantFrom(0, 5),
        (steps, reviewers, undoSeconds) => {
          let now = draft({ reviewers, undoSeconds });
          let [dispatched, turns, answers] = [0, 0, 0];
          for (const event of steps) {
            const state = talk(now);
            const isParked = now.dispatch !== 'dispatching';
            const conveyances = state.openConveyances.map((each) => ({
              ...each,
              state: isParked ? each.state : ('sent' as const),
            }));
            const decision = decideDraft({ ...state, openConveyances: conveyances }, now, event, ids());
            if (!decision.ok) continue;
            dispatched += decision.facts.filter(({ type }) => type === 'draft.dispatched').length;
            answers += decision.facts.filter(({ type }) => type === 'message.answered').length;
            turns += decision.queue.filter(({ input }) => input.kind === 'agent').length;
            now = apply(now, decision.facts);
          }
          expect(dispatched).toBeLessThanOrEqual(1);
          expect(turns + answers).toBe(dispatched);
          expect(turns).toBeLessThanOrEqual(now.status === 'approved' || now.status === 'edited' ? 1 : 0);
        },
      ),
    );
  });

  test('[DR8] a verdict that is not allowed is refused', () => {
    const refused = decideVerdict(draft({ allowed: ['approve', 'reject'] }), given('edit'), ana);
    expect(refused).toMatchObject({ ok: false, code: 'draft.not_allowed' });
  });

  test('[DR9] whatever two people approve, in whatever order, it takes two of them', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(ana, ben), { maxLength: 6 }), (people) => {
        let now = draft({ reviewers: 2 });
        for (const by of people) {
          const decision = decideVerdict(now, given('approve'), by);
          if (decision.ok) now = decision.draft;
        }
        expect(now.status).toBe(new Set(people.map((each) => each.personId)).size === 2 ? 'approved' : 'pending');
      }),
    );
  });

  test('[DR10] what has not been decided cannot be taken back, nor what has gone', () => {
    expect(decideUndo(draft())).toMatchObject({ code: 'draft.not_decided' });
    const gone = draft({ status: 'approved', verdicts: [{ ...ana, verdict: 'approve' }], dispatch: 'dispatching' });
    expect(decideUndo(gone)).toMatchObject({ code: 'draft.already_dispatched' });
    expect(decideUndo(draft({ status: 'expired' }))).toMatchObject({ code: 'draft.already_dispatched' });
  });

  test('[DR11] a deadline that comes after the verdict does nothing', () => {
    const decided = draft({ status: 'approved', verdicts: [{ ...ana, verdict: 'approve' }], dispatch: 'undoable' });
    expect(decideDraft(talk(decided), decided, { kind: 'expire' }, ids())).toMatchObject({ ok: true, facts: [] });
  });

  test('[DR15] a delivery in doubt is told, and is sent again when a person says so', () => {
    const sent = draft({ status: 'approved', verdicts: [{ ...ana, verdict: 'approve' }], dispatch: 'dispatching' });
    const reason = 'Letta shows no trace of it.';
    const doubt: ConversationFact = {
      type: 'message.delivery_failed',
      payload: { conveyanceId, outcome: 'outcome_unknown', reason },
    };
    expect(followDrafts(talk(sent), [doubt])[1]).toEqual({
      type: 'draft.delivery_failed',
      payload: { draftId, outcome: 'outcome_unknown', reason },
    });
    const failed = { ...sent, dispatch: 'failed' as const };
    const state = talk(failed);
    const inDoubt = state.openConveyances.map((each) => ({ ...each, state: 'outcome_unknown' as const }));
    const retried = decideDraft({ ...state, openConveyances: inDoubt }, failed, { kind: 'retry' }, ids());
    if (!retried.ok) throw new Error(retried.message);
    expect(followDrafts(state, retried.facts).map(({ type }) => type)).toEqual([
      'message.delivery_retried',
      'draft.dispatched',
    ]);
    expect(retried.queue).toHaveLength(1);
    expect(decideDraft(talk(sent), sent, { kind: 'retry' }, ids())).toMatchObject({ code: 'draft.not_failed' });
  });

  test('[DR20] an author whose receiver has come to wait for it goes on when the message is let through', () => {
    const mine = draft();
    const state = talk(mine);
    const [held] = state.openConveyances;
    if (!held) throw new Error('nothing is held');
    const back = {
      ...held,
      id: ConveyanceId.parse(uuid(8)),
      messageId: 'message-9',
      toolCallId: 'call-9',
      from: b,
      to: a,
      toAgentId: alice,
      mode: 'reply' as const,
    };
    const closed = { ...state, openConveyances: [held, { ...back, state: 'sent' as const, draftId: null }] };
    const decision = decideDraft(closed, mine, verdictBy('approve'), ids());
    if (!decision.ok) throw new Error(decision.message);
    expect(decision.facts.find(({ type }) => type === 'message.answered')?.payload).toMatchObject({
      status: 'success',
    });
    expect(decision.queue.map(({ input }) => input.kind).sort()).toEqual(['agent', 'answers']);
  });

  test('[DR2] the author of an edited message reads that in every answer', () => {
    const state = talk(draft());
    const [held] = state.openConveyances;
    if (!held) throw new Error('nothing is held');
    const conveyance = { ...held, edited: { content: 'Better', by: 'Ana' } };
    const { facts } = withAnswers(
      state,
      [],
      [{ conveyance, status: 'success', text: 'Successfully sent message' }],
      ids(),
    );
    expect(facts[0]?.payload).toMatchObject({
      text: expect.stringMatching(/^Successfully sent message\nAna.*edited.*Better$/),
    });
  });
});

describe('rules', () => {
  const rule = (more: Partial<RuleState>): RuleState => ({
    id: RuleId.parse(uuid(20)),
    effect: 'pass',
    fromAgentId: null,
    toAgentId: null,
    tool: null,
    text: null,
    ...more,
  });
  const passing = {
    from: { seat: a, agentId: alice, name: 'Alice' },
    to: { seat: b, agentId: bob, name: 'Bob' },
    tool: call.name,
    content: 'Good morning, Bob',
  };
  const inReview = { from: a, to: b, mode: 'review' as const, reviewers: 1, expirySeconds: 60, undoSeconds: 0 };

  test('[SR3] where rules disagree, the one that asks is heard', () => {
    const ask = rule({ id: RuleId.parse(uuid(21)), effect: 'ask', text: 'morning' });
    expect(findHold([], [rule({ fromAgentId: alice }), ask], passing)).toMatchObject({
      kind: 'waits',
      hold: { heldBy: 'rule', ruleId: ask.id },
    });
    expect(findHold([inReview], [rule({ toAgentId: bob })], passing)).toMatchObject({
      kind: 'passes',
      ruleId: uuid(20),
    });
    expect(findHold([inReview], [rule({ toAgentId: alice })], passing)).toMatchObject({ kind: 'waits' });
    expect(
      matchingRule([rule({ tool: 'another' })], { fromAgentId: alice, toAgentId: bob, tool: call.name, content: '' }),
    ).toBeNull();
  });

  test.each([
    ['ÉCOLE', 'à l’école'],
    ['caf\u00e9', 'un cafe\u0301'],
    ['cafe\u0301', 'UN CAF\u00c9'],
    ['ΟΔΟΣ', 'οδος'],
    ['οδοσ*', 'Οδος 5'],
    ['STRASSE', 'Hauptstraße'],
    ['\u0130stanbul', 'i\u0307stanbul'],
  ])('[SR5] %s is found in %s, however its letters are put together', (pattern, text) => {
    expect(containsPattern(text, pattern)).toBe(true);
  });

  test('[SR5] a text is found without regard to case; a star stands for any characters', () => {
    expect(containsPattern('Good Morning, Bob', 'morning')).toBe(true);
    expect(containsPattern('Good Morning, Bob', 'good*bob')).toBe(true);
    expect(containsPattern('Good Morning, Bob', 'bob*good')).toBe(false);
    expect(containsPattern('1.5 (x)', '1.5 (x)')).toBe(true);
    expect(containsPattern('1x5', '1.5')).toBe(false);
    expect(containsPattern('cafés', 'cafe')).toBe(false);
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (one, other, third) => {
        const [head, tail] = [one.replaceAll('*', ''), third.replaceAll('*', '')];
        expect(containsPattern(`${head}${other}${tail}`, `${head}*${tail}`)).toBe(true);
      }),
    );
  });
});
