import { expect, test } from 'vitest';
import { ApiError } from '@/lib/client/api';
import { OpenConversation } from '@/lib/protocol/conversation';
import { formErrors, refusalErrors } from './form-errors';

test('a form is checked by the schema of the server, each field with its first error', () => {
  const wrong = { seats: [{ agentId: 'agent-1' }], title: ' ', opening: { to: 'a', content: '' } };
  expect(formErrors(OpenConversation, wrong)).toEqual({
    seats: 'a conversation has at least two seats',
    title: 'must not be empty',
    'opening.content': 'must not be empty',
  });
  expect(formErrors(OpenConversation, { seats: [{ agentId: 'agent-1' }, { agentId: 'agent-2' }] })).toEqual({});
});

test('a refusal goes to its fields, and what has no field here is not lost', () => {
  const refusal = new ApiError('request.invalid', 'The body is not right.', {
    fields: { name: 'is taken', model: 'unknown' },
  });
  expect(refusalErrors(refusal, ['name', 'model'])).toEqual({ name: 'is taken', model: 'unknown' });
  expect(refusalErrors(refusal, ['name'])).toEqual({ name: 'is taken', '': 'model: unknown' });
  expect(refusalErrors(new ApiError('agent.seated', 'Alice sits elsewhere.'), ['seats'])).toEqual({
    '': 'Alice sits elsewhere.',
  });
  expect(refusalErrors(new Error('No passkey was given.'), ['name'])).toEqual({ '': 'No passkey was given.' });
});
