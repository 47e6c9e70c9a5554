/** A reader who goes from draft to draft with J and K tells of those on which they stay. */
const SETTLE_MS = 200;

/** Which drafts are open on this page, told to the server so that others see who else looks at them. */
type DraftViewing = {
  /** From now on the draft is open, until the answer is called. */
  open(draftId: string): () => void;
  opened(): void;
  stop(): void;
};

/** `tell` is given all of them each time. A page that nobody can see looks at nothing. */
export function createDraftViewing(tell: (draftIds: string[]) => void): DraftViewing {
  const open = new Map<string, number>();
  let told = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  const say = () => {
    timer = undefined;
    const draftIds = isHidden() ? [] : [...open.keys()];
    const words = draftIds.join(' ');
    if (words === told) return;
    told = words;
    tell(draftIds);
  };
  const soon = () => {
    timer ??= setTimeout(say, SETTLE_MS);
  };
  const stopListening = onVisibility(soon);

  return {
    open(draftId) {
      open.set(draftId, (open.get(draftId) ?? 0) + 1);
      soon();
      return () => {
        const left = (open.get(draftId) ?? 1) - 1;
        if (left > 0) open.set(draftId, left);
        else open.delete(draftId);
        soon();
      };
    },
    opened() {
      told = ''; // the server forgot with the connection
      soon();
    },
    stop() {
      clearTimeout(timer);
      stopListening();
    },
  };
}

const isHidden = () => typeof document !== 'undefined' && document.visibilityState === 'hidden';

function onVisibility(work: () => void): () => void {
  if (typeof document === 'undefined') return () => undefined;
  document.addEventListener('visibilitychange', work);
  return () => document.removeEventListener('visibilitychange', work);
}
