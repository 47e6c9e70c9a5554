'use client';

import { useEffect } from 'react';
import { createStore, type Store } from '@/components/ui/store';
import type { Row } from '@/lib/domain/transcript/row';
import type { Axis } from './use-axis';

/** What the axis on the screen offers to the parts around it; null while there is none. */
export type AxisControl = Store<{
  following: boolean;
  fresh: number;
  toEnd: () => void;
  /** Brings a row into view; `focus` puts the reader on it. */
  show: (row: Row, focus: boolean) => void;
  /** The element that holds the drawn rows. */
  rows: () => HTMLElement | null;
} | null>;

export const createAxisControl = (): AxisControl => createStore<ReturnType<AxisControl['get']>>(null);

type Shown = { placeOf: (row: Row) => number | null };

const FRAMES_MAX = 30;

/** Puts this axis behind the control for as long as it is on the screen. */
export function useAxisControl(control: AxisControl, axis: Axis, { placeOf }: Shown): void {
  const { following, fresh, toEnd, goTo, stay, container } = axis;
  useEffect(() => {
    const rows = () => container.current;
    const show = (row: Row, focus: boolean) => {
      const drawn = elementOf(rows(), row.id);
      if (drawn) {
        stay();
        return focusOn(drawn, focus);
      }
      const place = placeOf(row);
      if (place === null) return;
      goTo(place);
      if (focus) whenDrawn(rows, row.id, (element) => focusOn(element, true), FRAMES_MAX);
    };
    control.set({ following, fresh, toEnd, show, rows });
  });
  useEffect(() => () => control.set(null), [control]);
}

const elementOf = (within: HTMLElement | null, id: string) =>
  within?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`) ?? null;

function focusOn(element: HTMLElement, focus: boolean): void {
  if (focus) element.focus({ preventScroll: true });
  element.scrollIntoView({ block: 'nearest' });
}

/** The row is drawn a frame or two after the axis went there. */
function whenDrawn(
  rows: () => HTMLElement | null,
  id: string,
  work: (element: HTMLElement) => void,
  frames: number,
): void {
  const element = elementOf(rows(), id);
  if (element) work(element);
  else if (frames > 0) requestAnimationFrame(() => whenDrawn(rows, id, work, frames - 1));
}
