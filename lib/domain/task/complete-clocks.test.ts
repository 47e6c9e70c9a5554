import { describe, expect, test } from 'vitest';
import { defaultClocks, NewTask, TaskClocks } from '@/lib/protocol/task';
import { completeClocks } from './complete-clocks';

const asked = (clocks: object) => NewTask.safeParse({ command: '/sync', clocks });

describe('clocks that are asked for in part', () => {
  test('[CK10] without any they are the seed’s; each that is given counts', () => {
    expect(completeClocks({})).toEqual(defaultClocks);
    const own = { updateEveryMs: 1_000, silenceMs: 1_000, graceMs: 20, recoveryDelaysMs: [10] };
    expect(completeClocks(own)).toEqual(own);
    expect(completeClocks({ graceMs: 5_000, updateEveryMs: undefined })).toEqual({ ...defaultClocks, graceMs: 5_000 });
  });

  test('[CK10] what is left out keeps the order of the steps: an update is due before silence is asked about', () => {
    expect(completeClocks({ silenceMs: 10_001 })).toMatchObject({ updateEveryMs: 5_001, silenceMs: 10_001 });
    expect(completeClocks({ updateEveryMs: 120_000 })).toMatchObject({ updateEveryMs: 120_000, silenceMs: 240_000 });
    expect(completeClocks({ silenceMs: 3_600_000 })).toMatchObject({ updateEveryMs: 30_000 });
    for (const edge of [{ silenceMs: 10 }, { updateEveryMs: 86_400_000 }]) {
      expect(TaskClocks.safeParse(completeClocks(edge)).success, JSON.stringify(edge)).toBe(true);
    }
  });

  test('[CK10] silence that is asked about before an update is due is refused, and so is what is no duration', () => {
    for (const [clocks, field] of [
      [{ updateEveryMs: 2_000, silenceMs: 1_999 }, 'silenceMs'],
      [{ updateEveryMs: 9 }, 'updateEveryMs'],
      [{ silenceMs: 1.5 }, 'silenceMs'],
      [{ graceMs: 86_400_001 }, 'graceMs'],
      [{ recoveryDelaysMs: [] }, 'recoveryDelaysMs'],
      [{ recoveryDelaysMs: ['1 s'] }, 'recoveryDelaysMs'],
    ] as const) {
      const paths = asked(clocks).error?.issues.map(({ path }) => path.slice(0, 2).join('.'));
      expect(paths, JSON.stringify(clocks)).toEqual([`clocks.${field}`]);
    }
  });
});
