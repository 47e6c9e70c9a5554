/** The box of a seat's head: whoever sits there, its room is the same. */
export const seatHeadClass =
  'flex h-full min-w-0 items-center gap-2 border-t-2 border-seat bg-surface px-3 max-desk:border-t-0 wide:gap-3 wide:px-4';
