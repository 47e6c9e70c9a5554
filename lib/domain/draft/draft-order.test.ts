import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Draft } from '@/lib/protocol/draft';
import { inboxOrder, withDraft } from './draft-order';

const draft = (n: number, expiresInS: number | null, status: Draft['status'] = 'pending'): Draft =>
  Draft.parse({
    id: `0193a000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`,
    kind: 'message',
    conversationId: null,
    from: { agentId: 'agent-bob', name: 'Bob' },
    to: { agentId: 'agent-alice', name: 'Alice' },
    content: 'Hello',
    contentHash: 'a'.repeat(64),
    why: 'the edge is in review',
    heldBy: 'edge',
    status,
    allowed: ['approve'],
    notAllowed: {},
    reviewers: 1,
    undoSeconds: 5,
    verdictsGiven: [],
    viewers: [],
    createdAt: new Date(Date.UTC(2026, 10, 21, 11, 0, n)).toISOString(),
    expiresAt: expiresInS === null ? null : new Date(Date.UTC(2026, 10, 21, 12, 0, expiresInS)).toISOString(),
    dispatch: null,
  });

it('puts the oldest deadline first, what has none last, and the older first among equals', () => {
  const [none, late, soon, soonToo] = [draft(1, null), draft(2, 50), draft(3, 5), draft(4, 5)];
  expect([none, late, soonToo, soon].sort(inboxOrder)).toEqual([soon, soonToo, late, none]);
});

it('keeps the list in its order, each draft once and only while it waits, whatever is told of it', () => {
  const told = fc.record({
    n: fc.nat(12),
    expires: fc.option(fc.nat(30)),
    status: fc.constantFrom('pending' as const, 'approved' as const, 'expired' as const),
  });
  fc.assert(
    fc.property(fc.array(told), (all) => {
      const drafts = all.map(({ n, expires, status }) => draft(n, expires, status));
      const list = drafts.reduce<Draft[]>(withDraft, []);
      const last = new Map(drafts.map((one) => [one.id, one]));
      const waiting = [...last.values()].filter(({ status }) => status === 'pending');
      expect(list).toEqual(waiting.sort(inboxOrder));
    }),
  );
});
