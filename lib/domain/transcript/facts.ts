import type { Conversation, Edge, Seat } from '@/lib/protocol/conversation';
import type { Holder, Tick } from './read-entry';

/**
 * What the loaded entries say of the conversation itself. A fact is absent when no loaded entry tells it: the
 * conversation as it was read then stands.
 */
export type Facts = {
  title?: Told<string>;
  maxTurns?: Told<number>;
  paused?: Told<boolean>;
  stopped?: Told<string>;
  /** By seat: what its agent is called. */
  names: { readonly [seat: string]: Told<string> };
  /** By seat: who sits there, or nobody. */
  holders: { readonly [seat: string]: Told<Holder | null> };
  /** By `from` and `to`: `ab`. */
  edges: { readonly [pair: string]: Told<Edge> };
};
type Told<T> = { place: number; value: T };

export const noFacts: Facts = { names: {}, holders: {}, edges: {} };

const newer = <T>(old: Told<T> | undefined, place: number, value: T | undefined): Told<T> | undefined =>
  value === undefined || (old && old.place > place) ? old : { place, value };

/** The facts with what `tick` tells; the same whatever the order in which ticks are told. */
export function withTick(facts: Facts, { told, place }: Tick): Facts {
  switch (told.kind) {
    case 'opened':
      return merged(facts, { title: newer(facts.title, place, told.title) });
    case 'changed': {
      const paused = told.state === undefined ? undefined : told.state === 'paused';
      return merged(facts, {
        title: newer(facts.title, place, told.title),
        maxTurns: newer(facts.maxTurns, place, told.maxTurns),
        paused: newer(facts.paused, place, paused),
      });
    }
    case 'stopped':
      return merged(facts, { stopped: newer(facts.stopped, place, told.reason) });
    case 'taken':
    case 'renewed':
      return withHolder(facts, told.seat, place, told.holder);
    case 'left':
      return withHolder(facts, told.seat, place, null);
    case 'renamed': {
      const known = newer(facts.names[told.seat], place, told.name);
      return known ? { ...facts, names: { ...facts.names, [told.seat]: known } } : facts;
    }
    case 'edge': {
      const pair = `${told.edge.from}${told.edge.to}`;
      const edge = newer(facts.edges[pair], place, told.edge);
      return edge ? { ...facts, edges: { ...facts.edges, [pair]: edge } } : facts;
    }
    default:
      return facts;
  }
}

function withHolder(facts: Facts, seat: string, place: number, holder: Holder | null): Facts {
  const known = newer(facts.holders[seat], place, holder);
  return known ? { ...facts, holders: { ...facts.holders, [seat]: known } } : facts;
}

/** After our own downtime a lease lasts longer than was told: the conversation, read since, then knows better. */
function heldAsTold(seat: Seat, told: Told<Holder | null> | undefined): Seat {
  if (!told) return seat;
  const { holder } = seat;
  const isLonger = holder && holder.personId === told.value?.personId && holder.until > told.value.until;
  return isLonger ? seat : { ...seat, holder: told.value };
}

const namedAsTold = (seat: Seat, told: Told<string> | undefined): Seat =>
  told && told.value !== seat.name ? { ...seat, name: told.value } : seat;

function merged(facts: Facts, change: { [K in keyof Facts]?: Facts[K] | undefined }): Facts {
  const told = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return { ...facts, ...told };
}

/**
 * The conversation with what its stream has told since: the stream is never behind what was read before it, and ahead of
 * it until the conversation is read again.
 */
export function asTold(
  conversation: Conversation,
  { title, maxTurns, paused, stopped, names, holders, edges }: Facts,
): Conversation {
  const told = (edge: Edge) => edges[`${edge.from}${edge.to}`]?.value ?? edge;
  const state = stopped ? 'stopped' : paused?.value ? 'paused' : undefined;
  const goesOn = conversation.state === 'paused' && paused?.value === false ? 'idle' : conversation.state;
  return {
    ...conversation,
    title: title?.value ?? conversation.title,
    maxTurns: maxTurns?.value ?? conversation.maxTurns,
    stoppedReason: stopped?.value ?? conversation.stoppedReason,
    seats: conversation.seats.map((seat) => namedAsTold(heldAsTold(seat, holders[seat.id]), names[seat.id])),
    edges: conversation.edges.map(told),
    state: conversation.state === 'stopped' ? 'stopped' : (state ?? goesOn),
  };
}
