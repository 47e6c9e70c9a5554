import { expect, test } from 'vitest';
import { sampleTask, sampleTaskId } from '@/lib/testing/sample-task';
import { metricsOf, numbersChoices } from './numbers-of';

test('figures can be looked at by principal, agent and task, each once', () => {
  const [one, two, three] = [1, 2, 3].map((n) => sampleTaskId(n));
  const ana = { kind: 'person', id: 'ana', name: 'Ana' } as const;
  const alice = { kind: 'agent', id: 'agent-1', name: 'Alice' } as const;
  const choices = numbersChoices([
    sampleTask({ id: one, command: '/third', principal: ana, agentId: 'b' }),
    sampleTask({ id: two, command: '/second', principal: alice, agentId: 'a' }),
    sampleTask({ id: three, command: '/first', principal: ana, agentId: null }),
  ]);
  expect(choices.principals).toEqual([
    { value: 'principal:agent-1', label: 'Alice' },
    { value: 'principal:ana', label: 'Ana' },
  ]);
  expect(choices.agents.map(({ label }) => label)).toEqual(['a', 'b']);
  expect(choices.tasks.map(({ label }) => label)).toEqual(['/third', '/second', '/first']);
});

test('a choice in the address narrows the query, and nonsense narrows nothing', () => {
  expect(metricsOf('agent:a:b')).toEqual({ agent: 'a:b' });
  expect(metricsOf('task:1')).toEqual({ task: '1' });
  for (const nonsense of ['', 'agent:', 'person:ana', 'ana']) expect(metricsOf(nonsense)).toEqual({});
});
