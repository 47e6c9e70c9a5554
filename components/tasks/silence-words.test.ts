import { expect, test } from 'vitest';
import { sampleTask } from '@/lib/testing/sample-task';

import { clockStandsAtMs, countedSilenceMs, elapsedMs, silentForMs, stateDetail } from './silence-words';

const heardAt = Date.parse('2026-11-21T12:00:00.000Z');
const after = (seconds: number) => heardAt + seconds * 1_000;
const iso = (seconds: number) => new Date(after(seconds)).toISOString();

test('silence counts from the last word, and not where nothing is expected', () => {
  expect(silentForMs(sampleTask(), after(42))).toBe(42_000);
  expect(silentForMs(sampleTask({ lastHeardAt: null }), after(42))).toBeNull();
  expect(silentForMs(sampleTask({ state: 'SUCCESS' }), after(42))).toBeNull();
});

test('the line under a state says until when, of what, in whose hands', () => {
  const probing = sampleTask({
    state: 'PROBING',
    silence: { forMs: 72_000, since: iso(0), phase: 'probing', nextAt: iso(90) },
  });
  expect(stateDetail(probing, after(72))).toBe('18 s until it counts as failed');
  expect(stateDetail(probing, after(95))).toBe('no answer');
  const recovering = { state: 'RECOVERING', recovery: { attempt: 2, of: 3 } };
  expect(stateDetail(sampleTask(recovering), after(1))).toBe('try 2 of 3');
  const holder = { kind: 'person', id: 'jonas', name: 'Jonas Feld' };
  expect(stateDetail(sampleTask({ state: 'TAKEN_OVER', holder }), after(1))).toBe('in the hands of Jonas Feld');
  expect(stateDetail(sampleTask({ state: 'TAKEN_OVER' }), after(1))).toBe('nobody has it yet');
  const decided = { state: 'HANDOFF_PENDING', waitingFor: 'handoff_decision' };
  expect(stateDetail(sampleTask(decided), after(1))).toBe('for a decision about the handoff');
  const silence = { forMs: 0, since: null, phase: 'fresh', nextAt: iso(30) };
  expect(stateDetail(sampleTask({ ...decided, silence }), after(12))).toBe(
    'for a decision about the handoff, 18 s left',
  );
  const paused = { state: 'WAITING', waitingFor: 'resume' };
  expect(stateDetail(sampleTask(paused), after(1))).toBe('paused by a person');
  expect(stateDetail(sampleTask({ ...paused, outcome: 'SUCCESS' }), after(1))).toBe(
    'paused by a person; its agent is done',
  );
  const late = sampleTask({ silence: { forMs: 37_000, since: iso(0), phase: 'late', nextAt: iso(60) } });
  expect(stateDetail(late, after(37))).toBe('late by 7.0 s');
  expect(stateDetail(sampleTask(), after(3))).toBe('');
});

test('the clock counts from where the agent was told to go on, and stands where its step has come to', () => {
  const back = sampleTask({ silence: { forMs: 0, since: iso(1_200), phase: 'late', nextAt: iso(1_260) } });
  expect([silentForMs(back, after(1_235)), countedSilenceMs(back, after(1_235))]).toEqual([1_235_000, 35_000]);
  expect(stateDetail(back, after(1_235))).toBe('late by 5.0 s');
  expect(clockStandsAtMs(back, after(1_235))).toBe(35_000);
  // It gives signs of life for hours and says nothing: the question is put off again and again.
  const alive = sampleTask({ silence: { forMs: 0, since: iso(0), phase: 'late', nextAt: iso(9_050) } });
  expect(clockStandsAtMs(alive, after(9_000))).toBe(10_000);
  const probing = sampleTask({ silence: { forMs: 0, since: iso(0), phase: 'probing', nextAt: iso(90) } });
  expect(clockStandsAtMs(probing, after(72))).toBe(72_000);
});

test('a task that is over took as long as it took', () => {
  expect(elapsedMs(sampleTask({ endedAt: iso(1) }), after(500))).toBe(60_000);
  expect(elapsedMs(sampleTask({ startedAt: null }), after(500))).toBeNull();
});
