import type { Actor } from '@/lib/protocol/actor';
import type { DraftViewer } from '@/lib/protocol/draft';
import { DraftId, PersonId } from '@/lib/protocol/ids';
import type { ViewedDraft } from '@/lib/protocol/socket';
import type { Clock } from '../clock';
import type { Hub } from '../hub';
import { every } from './every';

/** Somebody who goes from draft to draft is told of once a moment. */
const GATHER_MS = 50;
/** How often an instance says again who looks at what through it, and how long the others believe it. */
const REPEAT_MS = 5_000;
const BELIEVED_MS = 15_000;

/** One open page. */
export type Onlooker = { look(draftIds: readonly DraftId[]): void; leave(): void };

/**
 * Who has which draft open, in all of the installation. Volatile and never an entry: it is known from open sockets, goes
 * with them, and what another instance has said of its own is believed for 15 s.
 */
export type DraftViewers = {
  enter(person: Actor): Onlooker;
  /** Everybody who has the draft open, each once, by name. */
  of(draftId: string): DraftViewer[];
  onChange(listener: (viewed: ViewedDraft[]) => void): () => void;
  stop(): void;
};

type Believed = { viewers: readonly DraftViewer[]; until: number };

export function createDraftViewers(hub: Pick<Hub, 'listen' | 'publishViewed'>, clock: Clock): DraftViewers {
  const pages = new Map<object, { viewer: DraftViewer; draftIds: ReadonlySet<string> }>();
  /** What other instances have said, by instance and draft. */
  const elsewhere = new Map<string, Map<string, Believed>>();
  const listeners = new Set<(viewed: ViewedDraft[]) => void>();
  const changedHere = new Set<string>();
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  const here = (draftId: string): DraftViewer[] =>
    [...pages.values()].filter(({ draftIds }) => draftIds.has(draftId)).map(({ viewer }) => viewer);
  const there = (draftId: string): DraftViewer[] =>
    [...elsewhere.values()].flatMap((drafts) => {
      const believed = drafts.get(draftId);
      return believed && believed.until > clock.monotonicMs() ? believed.viewers : [];
    });
  const of = (draftId: string) => distinct([...here(draftId), ...there(draftId)]);

  function soon(): void {
    timer ??= setTimeout(tell, GATHER_MS).unref();
  }
  function tell(): void {
    timer = undefined;
    const viewed = [...changed].map((id) => ({ draftId: DraftId.parse(id), viewers: of(id) }));
    const ours = [...changedHere].map((id) => ({ draftId: DraftId.parse(id), viewers: distinct(here(id)) }));
    changed.clear();
    changedHere.clear();
    if (viewed.length > 0) for (const listener of listeners) listener(viewed);
    if (ours.length > 0) hub.publishViewed(ours);
  }

  function tookFrom(instance: string, viewed: readonly ViewedDraft[]): void {
    const known = elsewhere.get(instance) ?? new Map<string, Believed>();
    elsewhere.set(instance, known);
    for (const { draftId, viewers } of viewed) {
      if (!sameViewers(known.get(draftId)?.viewers ?? [], viewers)) changed.add(draftId);
      if (viewers.length === 0) known.delete(draftId);
      else known.set(draftId, { viewers, until: clock.monotonicMs() + BELIEVED_MS });
    }
    if (changed.size > 0) soon();
  }

  /** Says again what is so here, and forgets what nobody has said again. */
  function repeat(): void {
    for (const { draftIds } of pages.values()) for (const draftId of draftIds) changedHere.add(draftId);
    for (const [instance, drafts] of elsewhere) {
      for (const [draftId, { until }] of drafts) {
        if (until > clock.monotonicMs()) continue;
        drafts.delete(draftId);
        changed.add(draftId);
      }
      if (drafts.size === 0) elsewhere.delete(instance);
    }
    if (changed.size > 0 || changedHere.size > 0) soon();
  }

  const deafen = hub.listen({ viewed: tookFrom });
  const stopRepeating = every(REPEAT_MS, repeat);

  return {
    enter({ id, name }) {
      const page = {};
      const viewer = { personId: PersonId.parse(id), name };
      const look = (draftIds: readonly DraftId[]) => {
        const before = new Set(pages.get(page)?.draftIds);
        const now = new Set<string>(draftIds);
        if (now.size > 0) pages.set(page, { viewer, draftIds: now });
        else pages.delete(page);
        for (const draftId of [...before, ...now].filter((each) => before.has(each) !== now.has(each))) {
          changed.add(draftId);
          changedHere.add(draftId);
        }
        if (changed.size > 0) soon();
      };
      return { look, leave: () => look([]) };
    },
    of,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop() {
      deafen();
      stopRepeating();
      if (timer) {
        clearTimeout(timer);
        tell();
      }
    },
  };
}

const distinct = (viewers: readonly DraftViewer[]): DraftViewer[] =>
  [...new Map(viewers.map((viewer) => [viewer.personId, viewer])).values()].sort((one, other) =>
    one.name.localeCompare(other.name, 'en'),
  );

const sameViewers = (some: readonly DraftViewer[], others: readonly DraftViewer[]): boolean =>
  some.length === others.length && some.every(({ personId }, index) => others[index]?.personId === personId);
