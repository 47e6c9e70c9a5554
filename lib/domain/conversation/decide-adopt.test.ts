import { expect, test } from 'vitest';
import { decideAdopt } from './decide-adopt';
import { conversation } from './held-talk';

const watched = conversation({ conveyance: 'engine', turns: 7 });

test('[OB7] what Letta carries is adopted with 50 more turns, or as many as are asked for', () => {
  expect(decideAdopt(watched, { conveyance: 'tool' }, [])).toMatchObject({
    facts: [{ type: 'conversation.changed', payload: { conveyance: 'tool', maxTurns: 57 } }],
  });
  expect(decideAdopt(watched, { conveyance: 'relay', maxTurns: 9 }, [])).toMatchObject({
    facts: [{ payload: { conveyance: 'relay', maxTurns: 9 } }],
  });
  expect(decideAdopt(watched, { conveyance: 'tool', maxTurns: 6 }, [])).toMatchObject({
    ok: false,
    fields: { maxTurns: expect.stringContaining('7') },
  });
});

test('[OB8] not what sits elsewhere, what Parley carries already, or what is over', () => {
  expect(decideAdopt(watched, { conveyance: 'tool' }, ['Alice', 'Bob'])).toMatchObject({
    code: 'agent.seated',
    message: 'Alice, Bob already sit in a running conversation.',
  });
  const relayed = conversation({ conveyance: 'relay' });
  expect(decideAdopt(relayed, { conveyance: 'tool' }, [])).toMatchObject({ code: 'conversation.state' });
  expect(decideAdopt(relayed, { conveyance: 'relay' }, [])).toMatchObject({ ok: true, facts: [] });
  const over = conversation({ conveyance: 'engine', phase: 'stopped' });
  expect(decideAdopt(over, { conveyance: 'tool' }, [])).toMatchObject({ code: 'conversation.state' });
});
