'use client';

import type { LazyModule } from './lazy-module';
import { tellNotLoaded } from './tell-not-loaded';
import { useHeldLetters } from './use-shortcuts';
import { useTypedAhead } from './use-typed-ahead';

type LazyPartProps<Module> = {
  part: LazyModule<Module>;
  /** Whether it stands on the page. */
  when: boolean;
  /** It could not be loaded, and the reader was told: what asked for it is to be taken back. */
  onFailure: () => void;
  /** Stands there until it is loaded. */
  fallback?: React.ReactNode;
  /** `typed`: what was typed before it was there, for a part that begins with a field. */
  children: (module: Module, typed: string) => React.ReactNode;
};

/** A part that somebody opened, loaded at that moment. Until it is there, what is typed does not reach the page. */
export function LazyPart<Module>({ part, when, onFailure, fallback = null, children }: LazyPartProps<Module>) {
  const module = part.useLoaded(when, () => {
    onFailure();
    tellNotLoaded();
  });
  useHeldLetters(when && module === null);
  const typed = useTypedAhead(when, module !== null);
  if (!when) return null;
  return module ? children(module, typed) : fallback;
}
