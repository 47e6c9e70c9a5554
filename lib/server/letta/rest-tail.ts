import { z } from 'zod';
import { isAppError } from '@/lib/protocol/errors';
import type { AgentMessage } from '@/lib/protocol/message';
import type { TailedMessage } from './gateway';
import type { RestClient } from './rest-client';
import { isKeepAlive, toAgentMessage } from './rest-message';
import { findRunOwner } from './rest-runs';

type Owner = Pick<TailedMessage, 'agentId' | 'threadId'>;

/** Reads what all agents say, and knows to whom each message belongs. */
export type Tail = {
  /** The engine's own run of a turn that this process sent: saves a question later. */
  learn(runId: string, owner: Owner): void;
  read(after: string | null, limit: number): Promise<{ messages: TailedMessage[]; cursor: string | null }>;
};

/** Cursor of a server that has no message yet. */
const BEGINNING = 'beginning';
const SETTLE_MS = 5_000;
const OWNERS_MAX = 5_000;
const QUESTIONS_MAX = 8; // at a time
const PASSED_MAX = 50;

const List = z.array(z.looseObject({ id: z.string().min(1) }));

/**
 * INVARIANT: the cursor stays behind for 5 s. The server numbers messages when it writes them and shows them when it
 * commits, so that one with a smaller number can appear after one with a greater; what is read again is not told again.
 * Messages carry no agent: their run tells it. Those without a run are the agents' prompts and are left out.
 */
export function createTail(client: RestClient, monotonicMs: () => number = () => performance.now()): Tail {
  const owners = new Map<string, Owner | null>();
  const seen = new Map<string, number>();
  const passed: string[] = [];

  const learn = (runId: string, owner: Owner | null) => {
    owners.set(runId, owner);
    const [oldest] = owners.keys();
    if (owners.size > OWNERS_MAX && oldest !== undefined) owners.delete(oldest);
  };
  const learnOwners = async (messages: AgentMessage[]): Promise<void> => {
    const unknown = new Set(messages.flatMap(({ runId }) => (runId === null || owners.has(runId) ? [] : runId)));
    const questions = [...unknown];
    for (let few = questions.splice(0, QUESTIONS_MAX); few.length > 0; few = questions.splice(0, QUESTIONS_MAX)) {
      const found = await Promise.all(few.map((runId) => findRunOwner(client, runId)));
      for (const [at, runId] of few.entries()) learn(runId, found[at] ?? null);
    }
  };
  const advance = (page: { id: string }[], after: string, full: boolean): string => {
    const now = monotonicMs();
    let cursor = after;
    for (const { id } of page) {
      const since = seen.get(id) ?? now;
      if (!full && now - since < SETTLE_MS) break;
      if (id !== cursor) passed.push(id);
      cursor = id;
      seen.delete(id);
    }
    passed.splice(0, Math.max(0, passed.length - PASSED_MAX));
    return cursor;
  };

  return {
    learn,
    read: async (after, limit) => {
      if (after === null) return { messages: [], cursor: await newest(client) };
      const page = await pageAfter(client, after, limit, passed);
      const messages: TailedMessage[] = [];
      const fresh = page.filter(({ id }) => !seen.has(id)).map((raw) => toAgentMessage(raw));
      await learnOwners(fresh);
      for (const message of fresh) {
        const owner = message.runId === null || isKeepAlive(message) ? null : owners.get(message.runId);
        if (owner) messages.push({ ...owner, message });
      }
      for (const { messageId } of fresh) seen.set(messageId, seen.get(messageId) ?? monotonicMs());
      return { messages, cursor: advance(page, after, new Set(page.map(({ id }) => id)).size >= limit) };
    },
  };
}

async function newest(client: RestClient): Promise<string> {
  const last = await list(client, { order: 'desc', limit: 1 });
  return last.at(-1)?.id ?? BEGINNING;
}

/** A deleted agent takes its messages along, and with them perhaps the cursor: then an older one is tried. */
async function pageAfter(client: RestClient, after: string, limit: number, passed: string[]) {
  for (const cursor of [after, ...passed.toReversed()]) {
    try {
      return await list(client, { order: 'asc', limit, ...(cursor === BEGINNING ? {} : { after: cursor }) });
    } catch (error) {
      if (!isAppError(error) || error.code !== 'request.invalid') throw error;
    }
  }
  client.log.warn({ after }, 'the place where the reading of messages stopped is gone; it goes on from the newest');
  return list(client, { order: 'desc', limit: 1 });
}

const list = (client: RestClient, query: { order: 'asc' | 'desc'; limit: number; after?: string }) =>
  client.read(List, (options) => client.letta.messages.list(query, options));
