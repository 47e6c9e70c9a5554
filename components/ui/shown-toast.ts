export type ToastContent = {
  text: string;
  tone?: 'plain' | 'done' | 'fail';
  /** One way back or on: `Undo`, `Open`. */
  action?: { label: string; run: () => void; keys?: string };
  /** For what can be taken back until then (milliseconds since 1970): the seconds left stand behind `words`. */
  leaves?: { words: string; at: number };
};
export type ShownToast = ToastContent & { id: number; since: number };
