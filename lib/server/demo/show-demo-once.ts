import { setTimeout as delay } from 'node:timers/promises';
import { type Conversation, Speak } from '@/lib/protocol/conversation';
import type { DemoShown } from '@/lib/protocol/settings';
import { setEdge } from '../conversations/set-edge';
import { speak } from '../conversations/speak';
import type { Runtime } from '../runtime';
import { asParley } from './as-parley';
import { isSandboxReached, readDemo } from './read-demo';
import { runDemoTask } from './run-demo-task';
import { askAgain, reviewedEdge } from './scene';

const DEMO_SHOWN = 'demo_shown';

const LOOK_MS = 400;
/** The walk-through may only just have begun: so long it has for coming to rest. */
const PATIENCE_MS = 180_000;

/**
 * At the first look of a person at a workspace in which nothing but the walk-through has happened: what Bob says to Alice
 * is reviewed from now on, so that a draft waits, and a simulated task runs. Once in a workspace; where somebody has
 * begun to work, nothing is added. Resolves with whether it begins; the rest goes on by itself.
 */
export async function showDemoOnce(rt: Runtime): Promise<DemoShown> {
  if (!isSandboxReached(rt)) return { begun: false };
  const { count } = await rt.database.prisma.setting.createMany({
    data: [{ workspaceId: rt.workspaceId, name: DEMO_SHOWN, value: true }],
    skipDuplicates: true,
  });
  const begun = count > 0 && (await isUntouched(rt));
  if (begun) {
    showDemo(rt).catch((error: unknown) => rt.log.warn({ err: error }, 'the walk-through could not be shown'));
  }
  return { begun };
}

async function showDemo(rt: Runtime): Promise<void> {
  const giveUpAt = rt.clock.now().getTime() + PATIENCE_MS;
  let isReviewed = false;
  while (rt.clock.now().getTime() < giveUpAt) {
    const conversation = await findDemo(rt);
    if (conversation && !isReviewed) {
      await setEdge(rt, asParley(rt), conversation.id, reviewedEdge);
      await runDemoTask(rt, asParley(rt));
      isReviewed = true;
    }
    if (conversation?.state === 'waiting') return; // the draft is there: they had not come to an end
    if (conversation?.state === 'idle') return letThemGoOn(rt, conversation);
    await delay(LOOK_MS, undefined, { ref: false });
  }
}

const findDemo = async (rt: Runtime): Promise<Conversation | null> => (await readDemo(rt)).conversations[0] ?? null;

async function letThemGoOn(rt: Runtime, { id, seats }: Conversation): Promise<void> {
  const bob = seats.find((seat) => seat.id === reviewedEdge.from);
  if (!bob) return;
  const content = askAgain(bob.agentId);
  await speak(rt, asParley(rt), id, Speak.parse({ to: reviewedEdge.to, content }));
}

async function isUntouched({ database, workspaceId }: Runtime): Promise<boolean> {
  const { rows } = await database.pool.query<{ touched: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM task WHERE workspace_id = $1) OR EXISTS (SELECT 1 FROM draft WHERE workspace_id = $1)
       OR (SELECT count(*) FROM conversation WHERE workspace_id = $1) > 1 AS touched`,
    [workspaceId],
  );
  return rows[0]?.touched === false;
}
