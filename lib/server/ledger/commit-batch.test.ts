import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { system } from '@/lib/protocol/actor';
import { conversationStream } from '@/lib/protocol/stream';
import { note, openTestLedger } from '@/lib/testing/test-ledger';
import { systemClock } from '../clock';
import { createPool } from '../database/pool';
import { createLog } from '../log';
import { type BatchContext, commitBatch, REMEMBERED_MAX, toItem } from './commit-batch';

const AT_ONCE = 500;
const actorOf = (id: string) => ({ kind: 'agent' as const, id, name: `Agent ${id}` });

test('a writer through which ever new streams and actors go remembers a bounded number, and none wrongly', async () => {
  const t = await openTestLedger();
  onTestFinished(() => t.close());
  const { workspaceId } = t;
  const context: BatchContext = {
    ...{ workspaceId, clock: systemClock, projections: [], failpoint: () => undefined },
    memory: { size: -1, streams: new Map(), actorNames: new Map() },
  };
  const writer = createPool(
    t.database.connectionString,
    createLog({ logLevel: 'silent' }),
    1,
    'writer',
    undefined,
    true,
  );
  const client = await writer.connect();
  onTestFinished(async () => {
    client.release();
    await writer.end();
  });
  const append = async (ids: readonly string[]) => {
    const entries = ids.map((id) => ({ ...note(conversationStream(id)), actor: actorOf(id) }));
    const decided = { ok: true as const, entries, answer: () => null };
    const command = { workspaceId, actor: system, load: async () => null, decide: () => decided };
    const [outcome] = await commitBatch(client, context, () => [toItem(command, decided)], { together: true });
    if (!outcome?.ok) throw outcome?.error;
    return outcome.entries;
  };

  const first = Array.from({ length: AT_ONCE }, () => randomUUID());
  await append(first);
  let most = 0;
  for (let written = AT_ONCE; written <= 2 * REMEMBERED_MAX; written += AT_ONCE) {
    await append(Array.from({ length: AT_ONCE }, () => randomUUID()));
    most = Math.max(most, context.memory.streams.size, context.memory.actorNames.size);
  }

  expect(most).toBeLessThanOrEqual(REMEMBERED_MAX + AT_ONCE);
  expect((await append(first)).map(({ streamSeq }) => streamSeq)).toEqual(first.map(() => 2));
}, 30_000);
