import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyMap } from './persistent-map';

describe('a persistent map', () => {
  it('holds what a Map holds, and every earlier version stays as it was', () => {
    const writes = fc.array(fc.tuple(fc.string({ maxLength: 3 }), fc.integer()), { maxLength: 200 });
    fc.assert(
      fc.property(writes, (pairs) => {
        const model = new Map<string, number>();
        const versions = [{ map: emptyMap<number>(), size: 0 }];
        let map = emptyMap<number>();
        for (const [key, value] of pairs) {
          map = map.set(key, value);
          model.set(key, value);
          versions.push({ map, size: model.size });
        }
        for (const [key, value] of model) expect(map.get(key)).toBe(value);
        expect([...map.values()].sort()).toEqual([...model.values()].sort());
        for (const version of versions) expect([...version.map.values()]).toHaveLength(version.size);
      }),
    );
  });

  it('tells apart keys whose hashes are the same', () => {
    // Two words of one FNV-1a hash, 0x5e4daa9d.
    const map = emptyMap<number>().set('costarring', 1).set('liquid', 2).set('costarring', 3);
    expect([map.get('costarring'), map.get('liquid'), map.size]).toEqual([3, 2, 2]);
  });

  it('does not know what nobody set', () => {
    expect(emptyMap<number>().set('a', 1).get('b')).toBeUndefined();
  });
});
