/** The reader's choice, kept in a cookie so that the server draws the rail as it will stay. */
export const RAIL_COOKIE = 'parley-rail';
export type RailChoice = 'open' | 'closed' | null;
