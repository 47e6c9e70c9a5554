'use client';

import { useSyncExternalStore } from 'react';
import { storedText, storeText } from '@/components/ui/browser-storage';

/** How this browser tells of a new draft beside the figures; both are off until the reader asks for them. */
export type DraftAlerts = { notification: boolean; sound: boolean };

const KEY = 'parley.draft-alerts';
const off: DraftAlerts = { notification: false, sound: false };
let known: DraftAlerts | null = null;
const listeners = new Set<() => void>();

/** As chosen in this browser. */
export function draftAlerts(): DraftAlerts {
  known ??= read();
  return known;
}

function read(): DraftAlerts {
  const words = (storedText('local', KEY) ?? '').split(' ');
  return { notification: words.includes('notification'), sound: words.includes('sound') };
}

export function setDraftAlerts(next: DraftAlerts): void {
  known = next;
  const words = (['notification', 'sound'] as const).filter((name) => next[name]);
  storeText('local', KEY, words.join(' '));
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useDraftAlerts = (): DraftAlerts => useSyncExternalStore(subscribe, draftAlerts, () => off);

/** Asks the browser for permission to notify; resolves with whether it is given. */
export async function mayNotify(): Promise<boolean> {
  if (!('Notification' in window)) return false;
  if (window.Notification.permission === 'granted') return true;
  return (await window.Notification.requestPermission()) === 'granted';
}

/**
 * Shows a notice of the system. Null where the browser lets no page do that by itself, as on telephones, whatever it was
 * permitted; then none is asked for again.
 */
export function showNotice(title: string, options: NotificationOptions): Notification | null {
  try {
    return new window.Notification(title, options);
  } catch {
    setDraftAlerts({ ...draftAlerts(), notification: false });
    return null;
  }
}

/** Two short soft notes. Silent where the browser wants a click first. */
export function playDraftSound(): void {
  const audio = new AudioContext();
  for (const [index, frequency] of [660, 880].entries()) {
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    const start = audio.currentTime + index * 0.12;
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.08, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.11);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.12);
    if (index === 1) tone.onended = () => void audio.close();
  }
}
