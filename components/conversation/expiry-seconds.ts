/** How long what one agent says to another waits for review, where nobody has said otherwise. */
export const EXPIRY_SECONDS = 900;
