import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConversationFact, ConversationState } from '@/lib/domain/conversation/conversation-state';
import {
  a,
  alice,
  async_,
  b,
  bob,
  conversation,
  conveyance,
  ids,
  seat,
  server,
} from '@/lib/domain/conversation/held-talk';
import { type VerdictKind, verdictKinds } from '@/lib/protocol/draft';
import type { ErrorCode } from '@/lib/protocol/errors';
import { DraftId, PersonId } from '@/lib/protocol/ids';
import { type DraftEvent, decideDraft } from './decide-draft';
import type { DraftState } from './draft-state';
import { followDrafts } from './follow-drafts';

const draftId = DraftId.parse('00000000-0000-4000-8000-000000000051');
const people = ['ana', 'ben', 'cyd'].map((id) => ({ personId: PersonId.parse(id), name: id }));
const [right, wrong] = ['c'.repeat(64), 'd'.repeat(64)];
const EXPIRY_S = 900;

/** What the contract lets each request be refused with. */
const refusals = {
  verdict: ['draft.changed', 'draft.already_decided', 'draft.expired', 'draft.not_allowed', 'draft.same_person'],
  undo: ['draft.not_decided', 'draft.already_dispatched'],
  retry: ['draft.not_failed'],
  withdraw: ['draft.already_decided'],
} as const satisfies Record<string, readonly ErrorCode[]>;

type Step =
  | { do: 'verdict'; verdict: VerdictKind; by: (typeof people)[number]; contentHash: string }
  | { do: 'undo' | 'retry' | 'withdraw' | 'twice' }
  | { do: 'wait'; seconds: number }
  | { do: 'outcome'; outcome: 'received' | 'failed' | 'outcome_unknown' };

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('verdict' as const),
        verdict: fc.constantFrom(...verdictKinds),
        by: fc.constantFrom(...people),
        contentHash: fc.oneof(
          { weight: 5, arbitrary: fc.constant(right) },
          { weight: 1, arbitrary: fc.constant(wrong) },
        ),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('undo' as const, 'retry' as const, 'twice' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 4, 5, 900) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('outcome' as const),
        outcome: fc.constantFrom('received' as const, 'failed' as const, 'outcome_unknown' as const),
      }),
    },
  ),
  { maxLength: 25 },
);

/** One draft with its message, its two deadlines and a clock that is moved, as the projections keep them. */
class Desk {
  draft: DraftState;
  message: ConversationState['openConveyances'][number];
  now = 0;
  expiresAt: number | null = EXPIRY_S;
  undoUntil: number | null = null;
  readonly facts: ConversationFact[] = [];
  deliveries = 0;
  answers = 0;
  retries = 0;

  constructor(reviewers: number, undoSeconds: number, allowed: readonly VerdictKind[]) {
    this.message = conveyance({ mode: 'receipt', state: 'parked', turnId: null, isWithPerson: false, draftId });
    this.draft = {
      ...{ id: draftId, kind: 'message', conversationId: conversation().id, conveyanceId: this.message.id, server },
      ...{ threadId: null, from: { seat: a, agentId: alice, name: 'Alice' }, content: 'Hello', contentHash: right },
      ...{ to: { seat: b, agentId: bob, name: 'Bob' }, messageId: 'message-1', fromTurnId: null, runId: null },
      ...{ toolCall: async_(bob), allowed, reviewers, undoSeconds, status: 'pending', verdicts: [], dispatch: null },
    };
  }

  private state(): ConversationState {
    const pending = { messageId: 'message-1', calls: [async_(bob)] };
    const seats = [seat(a, alice, 'Alice', { pending }), seat(b, bob, 'Bob')];
    return conversation({ seats, openConveyances: [this.message], drafts: [this.draft], turns: 1 });
  }

  /** Null where it was done; else the code. */
  take(event: DraftEvent): ErrorCode | null {
    const state = this.state();
    const decision = decideDraft(state, this.draft, event, ids());
    if (!decision.ok) return decision.code;
    this.deliveries += decision.queue.filter(({ input }) => input.kind === 'agent').length;
    const by = event.kind === 'verdict' ? event.by : people[0];
    for (const fact of followDrafts(state, decision.facts))
      this.apply(fact, by ?? { personId: PersonId.parse('x'), name: 'x' });
    return null;
  }

  /** What the engine says of the message, where it is on its way. */
  told(outcome: 'received' | 'failed' | 'outcome_unknown'): void {
    if (this.message.state !== 'sent') return;
    const { id: conveyanceId } = this.message;
    const common = { conveyanceId, from: a, to: b, content: 'x', otid: null, turnId: null, latencyMs: 1 };
    const fact: ConversationFact =
      outcome === 'received'
        ? { type: 'message.received', payload: common }
        : { type: 'message.delivery_failed', payload: { conveyanceId, outcome, reason: 'So it went.' } };
    for (const each of followDrafts(this.state(), [fact]))
      this.apply(each, { personId: PersonId.parse('x'), name: 'x' });
  }

  /** Moves the clock; deadlines that come due are told, each twice, as one that is taken up again would be. */
  wait(seconds: number): void {
    this.now += seconds;
    for (const _again of [1, 2]) {
      if (this.expiresAt !== null && this.expiresAt <= this.now) this.take({ kind: 'expire' });
      if (this.undoUntil !== null && this.undoUntil <= this.now) this.take({ kind: 'dispatch' });
    }
  }

  private apply(fact: ConversationFact, by: (typeof people)[number]): void {
    this.facts.push(fact);
    const { type, payload } = fact;
    switch (type) {
      case 'draft.approved':
      case 'draft.edited':
      case 'draft.responded':
      case 'draft.rejected':
      case 'draft.ignored': {
        const told = { ...by, verdict: verdictOf[type], ...('content' in payload ? { content: payload.content } : {}) };
        this.draft = { ...this.draft, verdicts: [...this.draft.verdicts, told] };
        if (!payload.isFinal) return;
        this.undoUntil = payload.undoSeconds > 0 ? this.now + payload.undoSeconds : null;
        this.expiresAt = null;
        const dispatch = this.undoUntil === null ? null : 'undoable';
        this.draft = { ...this.draft, status: statusOf[type], dispatch };
        return;
      }
      case 'draft.undone':
        [this.expiresAt, this.undoUntil] = [this.now + EXPIRY_S, null];
        this.draft = { ...this.draft, status: 'pending', verdicts: [], dispatch: null };
        return;
      case 'draft.expired':
      case 'draft.withdrawn':
        [this.expiresAt, this.undoUntil] = [null, null];
        this.draft = { ...this.draft, status: type === 'draft.expired' ? 'expired' : 'withdrawn', dispatch: null };
        return;
      case 'draft.dispatched':
        this.undoUntil = null;
        this.draft = { ...this.draft, dispatch: 'dispatching' };
        if (payload.way === 'deliver') this.message = { ...this.message, state: 'sent' };
        return;
      case 'draft.delivered':
      case 'draft.delivery_failed':
        this.draft = { ...this.draft, dispatch: type === 'draft.delivered' ? 'delivered' : 'failed' };
        return;
      case 'message.received':
        this.message = { ...this.message, state: 'received' };
        return;
      case 'message.delivery_failed':
        this.message = { ...this.message, state: payload.outcome === 'outcome_unknown' ? 'outcome_unknown' : 'failed' };
        return;
      case 'message.answered':
        this.answers += 1;
        return;
      default:
    }
  }
}

const verdictOf = {
  'draft.approved': 'approve',
  'draft.edited': 'edit',
  'draft.responded': 'respond',
  'draft.rejected': 'reject',
  'draft.ignored': 'ignore',
} as const;
const statusOf = {
  'draft.approved': 'approved',
  'draft.edited': 'edited',
  'draft.responded': 'responded',
  'draft.rejected': 'rejected',
  'draft.ignored': 'ignored',
} as const;

function carryOut(desk: Desk, step: Step, last: Step | null): void {
  switch (step.do) {
    case 'verdict': {
      const { verdict, by, contentHash } = step;
      const before = desk.draft;
      const content = verdict === 'edit' || verdict === 'respond' ? { content: 'Better' } : {};
      const code = desk.take({ kind: 'verdict', given: { verdict, contentHash, ...content }, by });
      if (code !== null) expect(refusals.verdict).toContain(code);
      else {
        // It counted: it waited, was shown as it is, and this verdict was offered.
        expect([before.status, contentHash, before.allowed.includes(verdict)]).toEqual(['pending', right, true]);
      }
      return;
    }
    case 'undo': {
      const before = desk.draft;
      const code = desk.take({ kind: 'undo' });
      if (code !== null) expect(refusals.undo).toContain(code);
      else expect(before.dispatch === 'undoable' || before.verdicts.length > 0).toBe(true);
      if (before.dispatch !== null && before.dispatch !== 'undoable') expect(code).toBe('draft.already_dispatched');
      return;
    }
    case 'retry': {
      const code = desk.take({ kind: 'retry' });
      if (code === null) desk.retries += 1;
      else expect(refusals.retry).toContain(code);
      // Once is enough: the second click finds it on its way.
      expect(desk.take({ kind: 'retry' })).toBe('draft.not_failed');
      return;
    }
    case 'withdraw': {
      const code = desk.take({ kind: 'withdraw', reason: 'The call is gone.' });
      if (code !== null) expect(refusals.withdraw).toContain(code);
      return;
    }
    case 'twice':
      if (last && last.do !== 'twice') carryOut(desk, last, null);
      return;
    case 'wait':
      desk.wait(step.seconds);
      return;
    default:
      desk.told(step.outcome);
  }
}

test('[DR3] [DR7] [DR9] [DR10] [DR11] [DR15] whatever happens in whatever order, a draft has one outcome, and every refusal has a code of the contract', () => {
  fc.assert(
    fc.property(
      steps,
      fc.constantFrom(1, 2),
      fc.constantFrom(0, 5),
      fc.subarray([...verdictKinds], { minLength: 1 }),
      (taken, reviewers, undoSeconds, allowed) => {
        const desk = new Desk(reviewers, undoSeconds, allowed);
        taken.forEach((step, index) => {
          carryOut(desk, step, taken[index - 1] ?? null);
        });
        const count = (type: string) => desk.facts.filter((fact) => fact.type === type).length;
        const finals = desk.facts.filter((fact) => 'isFinal' in fact.payload && fact.payload.isFinal).length;
        const ends = finals + count('draft.expired');
        // Each end but the last was taken back; a withdrawal may come before one or after it, and then nothing.
        expect(ends - count('draft.parked')).toBeLessThanOrEqual(1);
        expect(count('draft.settled') - count('draft.parked')).toBeLessThanOrEqual(count('draft.withdrawn') + 1);
        expect(count('draft.withdrawn')).toBeLessThanOrEqual(1);
        expect(count('draft.dispatched')).toBeLessThanOrEqual(1 + desk.retries);
        expect(desk.deliveries).toBeLessThanOrEqual(1 + desk.retries);
        expect(desk.answers).toBeLessThanOrEqual(1);
        for (const { payload } of desk.facts) {
          if ('contentHash' in payload) expect(payload.contentHash).toBe(right);
        }
        const { status, verdicts } = desk.draft;
        if (desk.deliveries > 0) expect(['approved', 'edited']).toContain(status);
        if (status === 'approved') expect(new Set(verdicts.map(({ personId }) => personId)).size).toBe(reviewers);
        // Nothing waits for ever: time alone brings it to an end.
        for (let round = 0; round < 3; round += 1) desk.wait(EXPIRY_S + undoSeconds);
        expect(desk.draft.status).not.toBe('pending');
        expect(desk.draft.dispatch).not.toBe('undoable');
        if (desk.draft.status !== 'withdrawn') expect(desk.draft.dispatch).not.toBeNull();
      },
    ),
    { numRuns: 1_000 },
  );
});
