import { showToast } from './toast';

/** Copies a text and says that it did (`done`), or that the browser did not allow it. */
export async function copyText(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    showToast({ text: done, tone: 'done' });
  } catch {
    // Not on https, or not permitted: the text is shown, so that it can be taken by hand.
    showToast({ text: `This browser did not allow copying: ${text}` });
  }
}
