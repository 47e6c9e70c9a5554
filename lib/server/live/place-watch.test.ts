import { describe, expect, it } from 'vitest';
import { REPLAY_MAX } from '@/lib/protocol/socket';
import { placeWatch } from './place-watch';

describe('where a watch begins', () => {
  it('[LV2] without `after` it begins at the head', () => {
    expect(placeWatch({}, 'e', 7)).toEqual({ cursor: 7, limited: false });
    expect(placeWatch({ epoch: 'e' }, 'e', 7)).toEqual({ cursor: 7, limited: false });
  });

  it('[LV3] with `after` it begins there, the whole of REPLAY_MAX included', () => {
    expect(placeWatch({ after: 0 }, 'e', 7)).toEqual({ cursor: 0, limited: false });
    expect(placeWatch({ after: 7 }, 'e', 7)).toEqual({ cursor: 7, limited: false });
    expect(placeWatch({ after: 1 }, 'e', REPLAY_MAX + 1)).toEqual({ cursor: 1, limited: false });
  });

  it('[LV4] a gap beyond REPLAY_MAX, another epoch or a position past the head is limited and begins at the head', () => {
    expect(placeWatch({ after: 0 }, 'e', REPLAY_MAX + 1)).toEqual({ cursor: REPLAY_MAX + 1, limited: true });
    expect(placeWatch({ after: 3, epoch: 'other' }, 'e', 7)).toEqual({ cursor: 7, limited: true });
    expect(placeWatch({ epoch: 'other' }, 'e', 7)).toEqual({ cursor: 7, limited: true });
    expect(placeWatch({ after: 8 }, 'e', 7)).toEqual({ cursor: 7, limited: true });
  });
});
