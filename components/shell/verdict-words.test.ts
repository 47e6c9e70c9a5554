import { describe, expect, it } from 'vitest';
import { Draft } from '@/lib/protocol/draft';
import { alsoLookingText, hashText, heldWords, shortHashText, twoPersonWords, whatItDoes } from './verdict-words';

const draft = (change: Partial<Draft> = {}): Draft => ({
  ...Draft.parse({
    id: '0193a000-0000-7000-8000-000000000001',
    kind: 'message',
    conversationId: null,
    from: { agentId: 'agent-bob', name: 'Bob' },
    to: { agentId: 'agent-alice', name: 'Alice' },
    content: 'Hello',
    contentHash: `9f3a71c255e0b8d4${'0'.repeat(44)}0b4e`,
    why: 'Bob → Alice is in review.',
    heldBy: 'edge',
    status: 'pending',
    allowed: ['approve'],
    notAllowed: {},
    reviewers: 1,
    undoSeconds: 6,
    verdictsGiven: [],
    viewers: [],
    createdAt: '2026-11-21T11:41:53.000Z',
    expiresAt: '2026-11-21T11:56:53.000Z',
    dispatch: null,
  }),
  ...change,
});
const jonas = Draft.shape.verdictsGiven.parse([
  {
    personId: '0193a000-0000-7000-8000-0000000000aa',
    name: 'Jonas Feld',
    verdict: 'approve',
    at: '2026-11-21T11:42:00.000Z',
  },
]);

describe('what an answer does', () => {
  it('says who receives what, and when', () => {
    expect(whatItDoes(draft(), 'approve')).toBe('Alice receives Bob’s words after an undo window of 6 s.');
    expect(whatItDoes(draft({ undoSeconds: 0 }), 'approve')).toBe('Alice receives Bob’s words at once.');
    expect(whatItDoes(draft(), 'reject')).toBe('Nothing goes to Alice. Bob sees the reason and may try again.');
  });

  it('speaks of a call where it is one', () => {
    const call = draft({ kind: 'tool_call', to: { name: 'send_email' } });
    expect(whatItDoes(call, 'approve')).toBe(
      'send_email runs with exactly these arguments after an undo window of 6 s.',
    );
    expect(whatItDoes(call, 'respond')).toMatch(/^send_email does not run\. Bob reads/);
  });

  it('tells the first of two that nothing leaves yet, and the second that it does', () => {
    expect(whatItDoes(draft({ reviewers: 2 }), 'approve')).toMatch(/^Yours is the first of two/);
    expect(whatItDoes(draft({ reviewers: 2, verdictsGiven: jonas }), 'approve')).toMatch(/^Alice receives/);
  });
});

it('says in a few words why it waits and for how many', () => {
  expect(heldWords(draft())).toBe('Review edge');
  expect(heldWords(draft({ expiresAt: null }))).toBe('Edge on hold');
  expect(twoPersonWords(draft())).toBeNull();
  expect(twoPersonWords(draft({ reviewers: 2 }))).toBe('Two people');
  expect(twoPersonWords(draft({ reviewers: 2, verdictsGiven: jonas }))).toBe('1 of 2: Jonas Feld approved');
  expect(hashText(draft().contentHash)).toBe('9f3a71c2 55e0b8d4…0b4e');
  expect(shortHashText(draft().contentHash)).toBe('9f3a 71c2…0b4e');
});

it('names who else looks at a draft, two at most', () => {
  const others = (...names: string[]) =>
    Draft.shape.viewers.parse(names.map((name) => ({ personId: `id of ${name}`, name })));
  expect(alsoLookingText(others())).toBe('');
  expect(alsoLookingText(others('Mira'))).toBe('Mira is looking at this too');
  expect(alsoLookingText(others('Mira', 'Jo'))).toBe('Mira and Jo are looking at this too');
  expect(alsoLookingText(others('Mira', 'Jo', 'Kim'))).toBe('Mira and 2 others are looking at this too');
});
