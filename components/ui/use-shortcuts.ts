'use client';

import { useEffect, useRef } from 'react';
import { matchesStep, stepHasMod } from './shortcut-keys';
import { createStore, useStore } from './store';

type Shortcut = {
  /** `g o`, `mod+k`, `j`; see shortcut-keys. */
  keys: string;
  /** What it does, for the sheet that `?` opens. */
  label: string;
  run: () => void;
};
export type ShortcutGroup = { title: string; shortcuts: readonly Shortcut[] };
type Group = { id: symbol; title: string; shortcuts: Shortcut[] };

const SEQUENCE_MS = 1_200;
const groups = createStore<readonly Group[]>([]);
let pending: string[] = []; // steps pressed so far of sequences such as `g o`
let pendingUntil = 0;
const kept = new WeakSet<Event>(); // key presses that a field has taken
let held = 0; // sheets that were asked for and are not there yet: what is typed is meant for them

const typing = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]';
const ownKeys = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]';

/** Whether the reader types or stands in a sheet with keys of its own: letters are not ours then. */
const lettersBelongElsewhere = (target: EventTarget | null) =>
  target instanceof Element && (target.closest(typing) !== null || target.closest(ownKeys) !== null);

/** The newest group wins: a part that opened over another takes its keys. */
const inOrder = () =>
  groups
    .get()
    .toReversed()
    .flatMap((group) => group.shortcuts);

/** A field that has done something with a key press keeps it: no shortcut hears it as well, combinations included. */
export function keepFromShortcuts(event: Event): void {
  kept.add(event);
}

function onKeyDown(event: KeyboardEvent): void {
  if (kept.has(event) || event.isComposing || ['Shift', 'Meta', 'Control', 'Alt'].includes(event.key)) return;
  // A control that takes the bare key for itself (a checkbox: enter) does not take the combination.
  if (event.defaultPrevented && !event.metaKey && !event.ctrlKey) return;
  const apple = /Mac|iPhone|iPad/.test(navigator.userAgent);
  const quiet = held > 0 || lettersBelongElsewhere(event.target);
  if (Date.now() > pendingUntil) pending = [];
  const before = pending;
  pending = [];
  for (const shortcut of inOrder()) {
    const steps = shortcut.keys.split(' ');
    const step = steps[before.length];
    if (step === undefined || (quiet && !stepHasMod(step))) continue;
    if (!before.every((pressed, index) => pressed === steps[index])) continue;
    if (!matchesStep(step, event, apple)) continue;
    event.preventDefault();
    if (before.length + 1 === steps.length) {
      shortcut.run();
      return;
    }
    pending = [...before, step];
    pendingUntil = Date.now() + SEQUENCE_MS;
    return;
  }
}

/**
 * Gives keys to a part for as long as it is on the screen, and lists them under `title` in the sheet of all shortcuts.
 * Letters are not heard while the reader types or within a dialog or menu; combinations with `mod` always are.
 */
export function useShortcuts(title: string, shortcuts: Shortcut[]): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  const signature = JSON.stringify(shortcuts.map(({ keys, label }) => ({ keys, label })));
  useEffect(() => {
    const described: { keys: string; label: string }[] = JSON.parse(signature);
    const group: Group = {
      id: Symbol(title),
      title,
      shortcuts: described.map(({ keys, label }, index) => ({ keys, label, run: () => latest.current[index]?.run() })),
    };
    if (groups.get().length === 0) document.addEventListener('keydown', onKeyDown);
    groups.set([...groups.get(), group]);
    return () => {
      groups.set(groups.get().filter((other) => other.id !== group.id));
      if (groups.get().length === 0) document.removeEventListener('keydown', onKeyDown);
    };
  }, [title, signature]);
}

/** Keeps letters from the page's shortcuts while a sheet that was asked for is not on the screen yet. */
export function useHeldLetters(isHeld: boolean): void {
  useEffect(() => {
    if (!isHeld) return;
    held += 1;
    return () => {
      held -= 1;
    };
  }, [isHeld]);
}

/** All shortcuts that work on this page now, by group, oldest first. */
export const useShortcutGroups = (): readonly ShortcutGroup[] => useStore(groups, (now) => now);
