import { expect } from 'vitest';
import { SetEdge } from '@/lib/protocol/conversation';
import { type Draft, DraftQuery, GiveVerdict, type VerdictKind } from '@/lib/protocol/draft';
import { type EntryType, knownEntry, type PayloadOf } from '@/lib/protocol/entry';
import type { AgentId, ConversationId } from '@/lib/protocol/ids';
import { inboxStream } from '@/lib/protocol/stream';
import type { Caller } from '@/lib/server/access/caller';
import { commitDraft } from '@/lib/server/drafts/commit-draft';
import { giveVerdict } from '@/lib/server/drafts/give-verdicts';
import { listDrafts, requireDraft } from '@/lib/server/drafts/read-drafts';
import { readStream } from '@/lib/server/ledger/read-entries';
import { sandboxServer } from './sandbox-talk';
import type { TestRuntime } from './test-runtime';

const within = { timeout: 15_000, interval: 30 };

/** An edge from a to b in review, whose verdicts take their way at once. */
export const inReview = (more: object = {}) =>
  SetEdge.parse({ from: 'a', to: 'b', mode: 'review', undoSeconds: 0, ...more });

/** The only one, or the first. */
export const first = <T>([item]: readonly T[]): T => {
  if (item === undefined) throw new Error('nothing there');
  return item;
};

/** What reviewers do, and what a test asks of the inbox. Ana is an admin, Ben a reviewer. */
export function reviewDesk(program: () => TestRuntime) {
  const db = () => program().database.pool;
  const workspaceId = () => program().rt.workspaceId;
  const drafts = async (query: object = {}): Promise<Draft[]> =>
    (await listDrafts(db(), workspaceId(), DraftQuery.parse({ limit: 500, ...query }))).items;
  const now = (draft: Draft) => requireDraft(db(), workspaceId(), draft.id);

  return {
    ben: (): Caller => ({
      ...program().ana,
      role: 'reviewer',
      actor: { kind: 'person', id: 'ben', name: 'Ben' },
    }),
    /** A role is asked for where a verdict is given: callers that tests make up need their people. */
    seatPeople: () =>
      db().query(
        `INSERT INTO person (workspace_id, id, name, name_key, role, created_at)
         VALUES ($1, 'ana', 'Ana', 'ana', 'admin', now()), ($1, 'ben', 'Ben', 'ben', 'reviewer', now())`,
        [workspaceId()],
      ),
    drafts,
    /** Waits until so many of a conversation wait for people. */
    parked: async ({ id }: { id: ConversationId }, count = 1): Promise<Draft[]> => {
      const pending = () => drafts({ conversationId: id, status: 'pending' });
      await expect.poll(async () => (await pending()).length, within).toBe(count);
      return pending();
    },
    /** The same of an agent outside any conversation. */
    parkedOf: async (agentId: AgentId, count = 1): Promise<Draft[]> => {
      const pending = async () =>
        (await drafts({ status: 'pending' })).filter((draft) => draft.from.agentId === agentId);
      await expect.poll(async () => (await pending()).length, within).toBe(count);
      return pending();
    },
    now,
    decide: (draft: Draft, verdict: VerdictKind, more: object = {}, by: Caller = program().ana) =>
      giveVerdict(program().rt, by, draft.id, GiveVerdict.parse({ verdict, contentHash: draft.contentHash, ...more })),
    undo: (draft: Draft, by: Caller = program().ana) =>
      commitDraft(program().rt, { workspaceId: workspaceId(), draftId: draft.id, event: { kind: 'undo' }, by }),
    becomes: (draft: Draft, status: Draft['status']) =>
      expect.poll(async () => (await now(draft)).status, within).toBe(status),
    delivered: (draft: Draft) => expect.poll(async () => (await now(draft)).dispatch?.state, within).toBe('delivered'),
    /** Texts that an agent has read as results of its calls. */
    reads: async (agentId: AgentId): Promise<string[]> => {
      const { gateway } = program().rt.letta.require(sandboxServer);
      const messages = await gateway.listMessages({ agentId, threadId: null }, { limit: 500 });
      return messages.flatMap(({ toolReturns, toolReturn }) =>
        (toolReturns ?? (toolReturn ? [toolReturn] : [])).map(({ text }) => text),
      );
    },
    inbox: async <T extends EntryType>(type: T, draft: Draft): Promise<PayloadOf<T>[]> =>
      (await readStream(db(), workspaceId(), inboxStream, { after: 0, limit: 5_000 }))
        .flatMap((entry) => knownEntry(entry) ?? [])
        .filter((entry) => entry.type === type && 'draftId' in entry.payload && entry.payload.draftId === draft.id)
        // What is filtered by its type has its payload; TypeScript does not follow a type parameter that far.
        .map((entry) => entry.payload as PayloadOf<T>),
  };
}
