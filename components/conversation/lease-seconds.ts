/** What taking a seat, or staying there, gives. */
export const LEASE_SECONDS = 600;
