import { expect, test } from 'vitest';
import { allPlaces, placeOf } from './places';

test('a path belongs to the place it lies under', () => {
  expect(placeOf('/')?.label).toBe('Overview');
  expect(placeOf('/agents/agent-1')?.label).toBe('Agents');
  expect(placeOf('/settings')?.label).toBe('Settings');
  expect(placeOf('/agentsother')).toBeUndefined();
});

test('no two places share a key', () => {
  expect(new Set(allPlaces.map((place) => place.keys)).size).toBe(allPlaces.length);
});
