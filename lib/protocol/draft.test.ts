import { expect, test } from 'vitest';
import { GiveVerdict, MakeRule } from './draft';
import { TakeSeat } from './seat';

const contentHash = 'a'.repeat(64);

test.each(['edit', 'respond'] as const)('[DR2] [DR4] %s with nothing but blanks is refused, and says so', (verdict) => {
  for (const content of [undefined, '', ' \n\t ']) {
    const given = GiveVerdict.safeParse({ verdict, contentHash, content });
    expect(new Set(given.error?.issues.map(({ path }) => path.join('.')))).toEqual(new Set(['content']));
  }
  expect(GiveVerdict.parse({ verdict, contentHash, content: ' so ' }).content).toBe(' so ');
});

test('[SE10] a lease may be as short as a second, and as long as a day', () => {
  expect(TakeSeat.parse({ leaseSeconds: 1 })).toEqual({ leaseSeconds: 1 });
  for (const leaseSeconds of [0, 0.5, 86_401, null]) expect(TakeSeat.safeParse({ leaseSeconds }).success).toBe(false);
});

test('a rule for everything is no rule, however it is said', () => {
  for (const text of [undefined, '*', '***']) {
    expect(MakeRule.safeParse({ effect: 'pass', ...(text && { text }) }).success).toBe(false);
    expect(MakeRule.safeParse({ effect: 'pass', tool: 'pay', ...(text && { text }) }).success).toBe(true);
  }
  expect(MakeRule.safeParse({ effect: 'pass', text: '*a*' }).success).toBe(true);
});
