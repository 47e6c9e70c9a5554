import { describe, expect, it } from 'vitest';
import { argumentPairs, argumentsLine } from './call-text';

describe('arguments of a call', () => {
  it('are pairs of name and value', () => {
    expect(argumentPairs('{"label":"human","limit":5}')).toEqual([
      ['label', '"human"'],
      ['limit', '5'],
    ]);
    expect(argumentsLine('{"label":"human","tags":["a","b"]}')).toBe('label: "human", tags: [ "a", "b" ]');
  });

  it('are shown as they came when they are no JSON object', () => {
    expect(argumentPairs('{"label":')).toBeNull();
    expect(argumentPairs('[1]')).toBeNull();
    expect(argumentsLine('query =\n owls')).toBe('query = owls');
  });
});
