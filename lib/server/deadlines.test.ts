import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { migrateJobs } from '@/lib/server/create-jobs';
import { openTestLedger } from '@/lib/testing/test-ledger';
import { systemClock } from './clock';
import { startDeadlines } from './deadlines';
import { startInstance } from './instances';
import { createLog } from './log';

const log = createLog({ logLevel: 'silent' });

test('[LG13] however many deadlines cannot be acted upon, the others come in their time', async () => {
  const t = await openTestLedger();
  onTestFinished(() => t.close());
  const { workspaceId } = t;
  const { pool } = t.database;
  await migrateJobs(pool, log);
  const instanceId = randomUUID();
  const instance = await startInstance({ pool, workspaceId, instanceId, isAlone: true, clock: systemClock, log });
  onTestFinished(() => instance.stop());
  const arm = (kind: string, subject: string, sinceMs: number) =>
    pool.query(
      `INSERT INTO deadline VALUES ($1, $2, $3, nextval('deadline_epoch'),
         clock_timestamp() - $4 * interval '1 ms', 0, '{}')`,
      [workspaceId, kind, subject, sinceMs],
    );
  for (let nth = 0; nth < 150; nth += 1) await arm(nth % 2 === 0 ? 'broken' : 'unheard of', randomUUID(), 60_000);
  await arm('sound', 'mine', 0);
  let tries = 0;
  const acted: string[] = [];
  const handlers = {
    broken: async () => {
      tries += 1;
      throw new Error('it cannot be done');
    },
    sound: async ({ subject }: { subject: string }) => void acted.push(subject),
  };
  const deadlines = startDeadlines({ pool, workspaceId, instanceId, handlers, log });
  onTestFinished(() => deadlines.stop());
  await expect.poll(() => acted, { timeout: 10_000 }).toContain('mine');
  await expect.poll(() => tries, { timeout: 10_000 }).toBeGreaterThan(75); // they are tried again all the same
});
