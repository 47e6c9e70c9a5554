import { z } from 'zod';
import { isAppError } from '@/lib/protocol/errors';
import type { AgentMessage } from '@/lib/protocol/message';
import type { TailedMessage } from './gateway';
import { isOlderKind } from './rest-agent-kinds';
import type { RestClient } from './rest-client';
import { isHidden, toAgentMessage } from './rest-message';
import { findRunOwner, listRunOwners } from './rest-runs';
import { advance, formatCursor, parseCursor, type TailCursor } from './rest-tail-cursor';
import { listReadable } from './rest-unreadable';

type Owner = Pick<TailedMessage, 'agentId' | 'threadId'>;

/** Reads what all agents say, and knows to whom each message belongs. */
export type Tail = {
  /** The engine's own run of a turn that this process sent: saves a question later. */
  learn(runId: string, owner: Owner | null): void;
  read(after: string | null, limit: number): Promise<{ messages: TailedMessage[]; cursor: string }>;
};

const OWNERS_MAX = 5_000;
const QUESTIONS_MAX = 8; // at a time
const PASSED_MAX = 50;
/** So many runs are asked for one by one; where more are new, the newest are listed first. */
const FEW = 2;

const List = z.array(z.looseObject({ id: z.string().min(1) }));

/**
 * Messages carry no agent: their run tells it, and is asked once. Those without a run are the agents' prompts and are
 * left out. The same cursor tells the same again, so that nothing is lost when a reader could not keep what it was told.
 */
export function createTail(client: RestClient, now: () => number = Date.now): Tail {
  const owners = new Map<string, Owner | null>();
  const passed: string[] = [];

  const learn = (runId: string, owner: Owner | null) => {
    owners.set(runId, owner);
    const [oldest] = owners.keys();
    if (owners.size > OWNERS_MAX && oldest !== undefined) owners.delete(oldest);
  };
  const learnAll = async (runIds: Set<string>): Promise<void> => {
    const unknown = () => [...runIds].filter((runId) => !owners.has(runId));
    if (unknown().length > FEW) {
      const newest = await listRunOwners(client);
      for (const runId of unknown()) if (newest.has(runId)) learn(runId, newest.get(runId) ?? null);
    }
    const questions = unknown();
    for (let few = questions.splice(0, QUESTIONS_MAX); few.length > 0; few = questions.splice(0, QUESTIONS_MAX)) {
      const found = await Promise.all(few.map((runId) => findRunOwner(client, runId)));
      for (const [at, runId] of few.entries()) learn(runId, found[at] ?? null);
    }
  };

  return {
    learn,
    read: async (after, limit) => {
      if (after === null)
        return { messages: [], cursor: formatCursor({ place: await newest(client), told: new Map() }) };
      const from = await foothold(client, parseCursor(after), limit, passed);
      const fresh = from.page.filter(({ id }) => !from.told.has(id)).map((raw) => toAgentMessage(raw));
      await learnAll(new Set(fresh.flatMap(({ runId }) => runId ?? [])));
      const next = advance(from, from.page, limit, now());
      if (next.place !== null && next.place !== passed.at(-1)) passed.push(next.place);
      passed.splice(0, Math.max(0, passed.length - PASSED_MAX));
      const messages: TailedMessage[] = [];
      let isAfterGap = false;
      for (const [at, message] of fresh.entries()) {
        isAfterGap ||= message.messageId === from.gap;
        const owner = message.runId === null || isHidden(message) ? null : owners.get(message.runId);
        if (!owner) continue;
        const isThought = isFirstOfSeveral(fresh, at) && (await isOlderKind(client, owner.agentId));
        messages.push({
          ...owner,
          message: isThought ? toThought(message) : message,
          ...(isAfterGap && { isAfterGap }),
        });
      }
      return { messages, cursor: formatCursor(next) };
    },
  };
}

/** What is said beside something else in one step. */
const isFirstOfSeveral = (messages: readonly AgentMessage[], at: number): boolean =>
  messages[at]?.messageType === 'assistant_message' && messages[at + 1]?.messageId === messages[at].messageId;

/** HAZARD: this listing alone takes the thoughts of an agent of an older kind for what it says (letta 0.16.8). */
function toThought({ content, ...message }: AgentMessage): AgentMessage {
  return { ...message, messageType: 'reasoning_message', reasoning: content ?? '' };
}

async function newest(client: RestClient): Promise<string | null> {
  return (await list(client, { order: 'desc', limit: 1 })).at(-1)?.id ?? null;
}

/** A deleted agent takes its messages along, and with them perhaps the place: then an older one is tried. */
async function foothold(client: RestClient, cursor: TailCursor, limit: number, passed: string[]) {
  for (const place of [cursor.place, ...passed.toReversed(), ...cursor.told.keys()]) {
    try {
      return { place, told: cursor.told, ...(await listFrom(client, place, limit)) };
    } catch (error) {
      if (!isAppError(error) || error.code !== 'request.invalid') throw error;
    }
  }
  client.log.warn(
    { place: cursor.place },
    'the place where the reading of messages stopped is gone; on from the newest',
  );
  return { place: await newest(client), told: cursor.told, page: [], gap: null };
}

async function listFrom(client: RestClient, place: string | null, limit: number) {
  const after = place === null ? {} : { after: place };
  const listed = await listReadable(
    (end, most) => list(client, { order: end === 'newest' ? 'desc' : 'asc', limit: most, ...after }),
    'oldest',
    limit,
  );
  const gap = listed.words === null ? null : (listed.after[0]?.id ?? null);
  return { page: [...listed.before, ...listed.after], gap };
}

const list = (client: RestClient, query: { order: 'asc' | 'desc'; limit: number; after?: string }) =>
  client.read(List, (options) => client.letta.messages.list(query, options));
