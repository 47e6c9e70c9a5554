/** How a turn of answers ends that nobody needs any more: the call was answered elsewhere, or given up. */
export const CALL_GONE = 'call_gone';

/** Why a draft is withdrawn whose call an agent no longer stands at. */
export const callGone = 'The call at which it waited is gone: answered elsewhere, or cancelled.';
