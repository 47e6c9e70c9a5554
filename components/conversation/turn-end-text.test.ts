import { expect, test } from 'vitest';
import { turnEndText } from './turn-end-text';

test('the engine’s own words stand beside what can be done', () => {
  const told = turnEndText('llm_api_error', '429 rate limited');
  expect(told.word).toBe('The model failed');
  expect(told.detail).toBe('429 rate limited');
  expect(told.advice).toContain('another model');
});

test('what somebody wanted is no failure', () => {
  expect(turnEndText('cancelled', null).isFailure).toBe(false);
  expect(turnEndText('cancelled', 'the connection broke').isFailure).toBe(true);
  expect(turnEndText('max_steps', null).isFailure).toBe(true);
});

test('a reason that nobody foresaw is shown as it came, and something can be done all the same', () => {
  const told = turnEndText('struck_by_lightning', null);
  expect(told).toMatchObject({ word: 'struck by lightning', detail: null });
  expect(told.advice).not.toBe('');
});
