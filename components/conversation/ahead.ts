/** Where what is shown ends: at the tail (`isLive`), or before it, as an excerpt of the past does. */
export type Ahead = {
  isLive: boolean;
  /** Loads one page more towards the tail; null when there is none or it is under way. */
  loadNewer: (() => void) | null;
  toLive: () => void;
};
