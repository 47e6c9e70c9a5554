'use client';

import { createContext, useContext } from 'react';
import { storedText, storeText } from '@/components/ui/browser-storage';
import type { Hue } from '@/components/ui/seat-hue';
import { createStore, type Store, useStore } from '@/components/ui/store';
import type { Row } from '@/lib/domain/transcript/row';
import type { SeatId } from '@/lib/protocol/ids';

/** Who sits where, as rows name them. */
export type Who = {
  /** `holder`: the person who sits in the agent's place. */
  [seat: string]: { name: string; hue: Hue; letters: string; holder?: string };
};

/** What the reader has done to the stage; rows read their own part of it. */
export type Stage = {
  who: Who;
  /** Opened and folded rows, by key; a row that is not named stands as its kind stands. */
  folds: Store<ReadonlyMap<string, boolean>>;
  /** Whether reasoning stands open where the reader has not said otherwise. */
  reasoningOpen: Store<boolean>;
  /** The message whose two ends are lit: chosen, or under the pointer. */
  chosen: Store<string | null>;
  hovered: Store<string | null>;
  /** The row that the reader stands on, by id. */
  current: Store<string | null>;
  /** Brings a message's other end into view. */
  goToEnd: (conveyanceId: string, seat: SeatId) => void;
  /** Tries a message once more, or gives it up; rejects with the reason why that was refused. */
  settle: (conveyanceId: string, action: 'retry' | 'drop') => Promise<void>;
  /** Offers what was kept back of a held seat as a draft, or drops it; rejects with the reason why that was refused. */
  settleLate: (entryId: string, seat: SeatId, action: 'release' | 'drop') => Promise<void>;
  /** Copies the address that leads to a row. */
  copyLink: (row: Row) => void;
  /** Stops what the agent in a seat is doing; says itself when that did not work. */
  interrupt: (seat: SeatId) => void;
  /** Whether the reader may settle and interrupt. */
  mayAct: boolean;
};

const StageContext = createContext<Stage | null>(null);
export const StageProvider = StageContext.Provider;

export function useStage(): Stage {
  const stage = useContext(StageContext);
  if (!stage) throw new Error('useStage outside of a stage');
  return stage;
}

const REASONING_KEY = 'parley.reasoning-open';

/** Stores of a new stage; how reasoning stood is remembered from the last one. */
export function createStageStores() {
  const reasoningOpen = createStore(remembered());
  reasoningOpen.subscribe(() => void remember(reasoningOpen.get()));
  return {
    folds: createStore<ReadonlyMap<string, boolean>>(new Map()),
    reasoningOpen,
    chosen: createStore<string | null>(null),
    hovered: createStore<string | null>(null),
    current: createStore<string | null>(null),
  };
}

const remembered = () => storedText('local', REASONING_KEY) === 'open';
const remember = (open: boolean) => storeText('local', REASONING_KEY, open ? 'open' : 'folded');

/** Whether something stands open, and the way to turn it. The reader's choice outlives the row's leaving the screen. */
export function useFold(key: string, openByItself: boolean): [open: boolean, toggle: () => void] {
  const { folds } = useStage();
  const open = useStore(folds, (map) => map.get(key) ?? openByItself);
  return [open, () => folds.set(new Map(folds.get()).set(key, !open))];
}

/** Whether one of these messages is lit. */
export function useLit(conveyanceIds: readonly string[]): boolean {
  const { chosen, hovered } = useStage();
  const isChosen = useStore(chosen, (id) => id !== null && conveyanceIds.includes(id));
  const isHovered = useStore(hovered, (id) => id !== null && conveyanceIds.includes(id));
  return isChosen || isHovered;
}
