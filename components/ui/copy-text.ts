import { showToast } from './toast';

/** Copies a text and says that it did (`done`), or that the browser did not allow it. */
export async function copyText(text: string, done: string): Promise<void> {
  try {
    await writeClipboard(text);
    showToast({ text: done, tone: 'done' });
  } catch {
    // Not permitted: the text is shown, so that it can be taken by hand.
    showToast({ text: `This browser did not allow copying: ${text}` });
  }
}

/** Puts a text on the clipboard, also where the page is not served over https. Rejects where the browser does not let it. */
export async function writeClipboard(text: string): Promise<void> {
  if ('clipboard' in navigator) return navigator.clipboard.writeText(text);
  if (!copiedAsSelection(text)) throw new Error('The browser did not copy the selection.');
}

/** The old way. The field stands beside what was pressed: a sheet gives the focus to nothing outside of it. */
function copiedAsSelection(text: string): boolean {
  const pressed = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  (pressed?.parentElement ?? document.body).append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  pressed?.focus();
  return isCopied;
}
