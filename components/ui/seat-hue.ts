const hues = ['a', 'b', 'c', 'd'] as const;
/** Who: one of the four seat hues, or `human` for a person in a seat. */
export type Hue = (typeof hues)[number] | 'human';

/** Hue of a seat by its letter; from the fifth seat on they repeat, and the tile's letter tells them apart. */
export function seatHue(seatId: string): Hue {
  const index = seatId.charCodeAt(0) - 'a'.charCodeAt(0);
  return hues[((index % hues.length) + hues.length) % hues.length] ?? 'd';
}

/** Class that sets `--seat` and its companions for a part and everything in it. */
export const hueClass: Record<Hue, string> = {
  a: 'seat-a',
  b: 'seat-b',
  c: 'seat-c',
  d: 'seat-d',
  human: 'seat-human',
};
