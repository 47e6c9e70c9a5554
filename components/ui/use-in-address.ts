'use client';

import { useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useRef, useState } from 'react';

/** Browsers refuse an address that changes too often: from the second letter on, it follows what is typed after this. */
const TYPED_MS = 200;

/**
 * What was written and is not drawn yet, by name. HAZARD: Next writes every address that it was told of once more when it
 * has drawn it, also after a newer one: until then the address may say again what nobody means any more.
 */
const meant = new Map<string, string | null>();

type InAddress<Value> = [value: Value, set: (next: Value) => void];

/**
 * A value that the address holds under `name`, such as `?q=alice`; null where it does not. It changes at once, and the
 * address follows: in place, without a request and without an entry in the history. Back, forward, links and addresses
 * that somebody passed on count as soon as they are there.
 * `betweenMs`: the address follows no faster.
 */
export function useInAddress(name: string, betweenMs = 0): InAddress<string | null> {
  const written = useSearchParams().get(name);
  const [ahead, setAhead] = useState<{ value: string | null } | null>(null);
  const writing = useRef<ReturnType<typeof setTimeout> | null>(null);
  const wroteAt = useRef(Number.NEGATIVE_INFINITY);
  /** What was written and the page is not told of yet: it may be told of each, or of the last one alone. */
  const awaited = useRef<(string | null)[]>([]);

  const cancel = useCallback(() => {
    if (writing.current !== null) clearTimeout(writing.current);
    writing.current = null;
  }, []);
  const set = useCallback(
    (value: string | null) => {
      setAhead({ value });
      cancel();
      const write = () => {
        writing.current = null;
        wroteAt.current = performance.now();
        if (writeIntoAddress(name, value)) awaited.current.push(value);
      };
      const waitMs = wroteAt.current + betweenMs - performance.now();
      if (waitMs <= 0) write();
      else writing.current = setTimeout(write, waitMs);
    },
    [name, betweenMs, cancel],
  );
  useEffect(() => {
    const at = awaited.current.lastIndexOf(written);
    awaited.current = at === -1 ? [] : awaited.current.slice(at + 1);
    if (awaited.current.length > 0) return;
    meant.delete(name);
    if (writing.current === null) setAhead(null);
  }, [name, written]);
  useEffect(
    () => () => {
      cancel();
      meant.delete(name);
    },
    [name, cancel],
  );
  return [ahead ? ahead.value : written, set];
}

/** Words in the address; none is the empty text. */
export function useTextInAddress(name: string): InAddress<string> {
  const [value, set] = useInAddress(name, TYPED_MS);
  return [value ?? '', useCallback((next) => set(next === '' ? null : next), [set])];
}

/** One of a few in the address. The usual one is not written, and what is none of them counts as the usual one. */
export function useChoiceInAddress<Choice extends string>(
  name: string,
  choices: readonly Choice[],
  usual: Choice,
): InAddress<Choice> {
  const [value, set] = useInAddress(name);
  const chosen = choices.find((choice) => choice === value) ?? usual;
  return [chosen, useCallback((next) => set(next === usual ? null : next), [set, usual])];
}

/** Something that is on or off; off is not written. */
export function useFlagInAddress(name: string): InAddress<boolean> {
  const [value, set] = useInAddress(name);
  return [value === 'true', useCallback((next) => set(next ? 'true' : null), [set])];
}

/** Whether the address was another one before. */
function writeIntoAddress(name: string, value: string | null): boolean {
  const params = new URLSearchParams(window.location.search);
  const before = meant.has(name) ? meant.get(name) : params.get(name);
  if (before === value) return false;
  meant.set(name, value);
  for (const [each, wanted] of meant) {
    if (wanted === null) params.delete(each);
    else params.set(each, wanted);
  }
  const { pathname, hash } = window.location;
  const search = params.toString().replaceAll('%2C', ',').replaceAll('%3A', ':'); // as people read it
  window.history.replaceState(null, '', `${pathname}${search && `?${search}`}${hash}`);
  return true;
}
